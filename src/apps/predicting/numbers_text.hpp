// Answers that are numbers, as lines of text: TSV or JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/kernels/losses/numbers.hpp"

namespace rondo::apps {

// A number as answers have it: up to nine digits, more than a float has.
std::string number_text(double value);
// JSON is written here: digits that a library prints of a double may be more than TSV has.
std::string json_text(const std::string& text);
std::string json_number(double value);

// One line for each sequence, whose rows begin at `starts`. `votes` [row]: sums over the voters
// (tasks/answers/number_answers.hpp), number by number. TSV: of each number what is said of it, the
// number alone, or mean and deviation, or a number a quantile; of a sequence with several rows each
// cell has a number a step, with blanks between them.
std::string numbers_text(const std::vector<std::vector<double>>& votes, std::size_t voters,
                         std::span<const std::int64_t> starts, const kernels::NumberLoss& loss,
                         const Column& target, bool json);

}  // namespace rondo::apps
