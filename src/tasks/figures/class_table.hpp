// What figures of classes and of labels have in common: shares, and a line for each class or label.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::tasks {

// Shares, 0 where there is nothing to share.
double precision(const ClassCounts& counts);
double recall(const ClassCounts& counts);
double f1(const ClassCounts& counts);
// The mean over those that are given or said; 0 where none is.
double macro_f1(const std::vector<ClassCounts>& classes);

// Characters, not bytes.
std::size_t shown_width(const std::string& text);
std::string padded(const std::string& text, std::size_t width);

// Of a target's classes or labels.
std::vector<std::string> names_of(const Column& target);

// Precision, recall and F1 of each of those names; `what`: "class".
std::string class_lines(const std::string& what, const std::vector<ClassCounts>& classes,
                        const std::vector<std::string>& each);
nlohmann::ordered_json class_list(const std::string& what, const std::vector<ClassCounts>& classes,
                                  const std::vector<std::string>& each);

}  // namespace rondo::tasks
