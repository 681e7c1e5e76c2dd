// Figures of labels, of which a sequence may have several: micro and macro F1, exact matches,
// precision and recall.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::tasks {

// The first figure is micro F1: of all labels of all sequences together. `exact_match` is the share
// of sequences all of whose labels are right (subset accuracy). Losses, nats a label, are joined by
// the tree over sequence numbers. InputError where no sequence has its labels given.
Evaluation judge_labels(const Answers& answers, int labels);

std::string labels_text(const std::string& what, const Evaluation& evaluation, const Column& target,
                        const std::string& split);
nlohmann::ordered_json labels_json(const std::string& what, const Evaluation& evaluation,
                                   const Column& target, const std::string& split);

}  // namespace rondo::tasks
