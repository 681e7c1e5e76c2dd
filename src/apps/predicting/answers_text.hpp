// Answers as lines of text: a class or labels, or the classes of all steps, and their
// probabilities, TSV or JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"

namespace rondo::apps {

// A name within a line of TSV.
std::string in_one_line(std::string text);

// One line for each row of `probabilities` [row][class], sums over the voters.
std::string answers_text(const std::vector<std::vector<double>>& probabilities, std::size_t voters,
                         const Column& target, bool json);

// One line for each sequence, whose steps are the rows of `probabilities` from starts[i] to
// starts[i + 1]: the likeliest class of each, characters side by side, others with a blank between
// them, and the mean of their probabilities; as JSON a list of either.
std::string step_answers_text(const std::vector<std::vector<double>>& probabilities,
                              std::span<const std::int64_t> starts, std::size_t voters,
                              const Column& target, bool json);

}  // namespace rondo::apps
