// Figures of classes: accuracy, F1, precision and recall, and a table of what was taken for what.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::tasks {

// A figure by its name; 0 where there is none of it.
double figure_of(const Evaluation& evaluation, std::string_view name);

// The first figure is the accuracy. Losses are joined by the tree over sequence numbers. InputError
// where no target is given.
Evaluation judge_classes(const Answers& answers, int classes);

std::string classes_text(const std::string& what, const Evaluation& evaluation,
                         const Column& target, const std::string& split);
nlohmann::ordered_json classes_json(const std::string& what, const Evaluation& evaluation,
                                    const Column& target, const std::string& split);

// The 95 % interval of a share: Wilson's (1927).
struct Interval {
  double low = 0, high = 0;
};
Interval interval_of(std::int64_t right, std::int64_t all);

}  // namespace rondo::tasks
