// Answers as lines of text: a class or labels and their probabilities, TSV or JSON.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"

namespace rondo::apps {

// One line for each row of `probabilities` [row][class], sums over the voters.
std::string answers_text(const std::vector<std::vector<double>>& probabilities, std::size_t voters,
                         const Column& target, bool json);

}  // namespace rondo::apps
