// What is likely wrong in a data set of sequences, found before anybody trains on it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo {

// A number that is further from the mean of `train` than so many of its deviations.
inline constexpr double outlying_deviations = 10;
// A sequence of one step is silent where it has so many numbers, all alike.
inline constexpr std::int64_t silent_numbers = 16;

struct Finding {
  std::string split;
  std::int64_t sequence = 0;  // of it, from 0
  std::string detail;         // "the same inputs as train 17"
  std::string excerpt;        // of what is read, and of the target
};

struct Check {
  std::string name;     // for programs: "in_two_splits"
  std::string meaning;  // for people: what it counts, and by what rule
  std::int64_t count = 0;
  std::vector<Finding> first = {};  // the first ones, by split and number
};

struct CheckedData {
  std::vector<std::pair<std::string, std::int64_t>> splits;  // and their sequences
  std::vector<Check> checks;                                 // those that apply to it
};

// `columns`: as the file stores them. `steps_spell`: whether targets are spelt by steps
// (core/spelling.hpp). Of each check at most `most` are named. Memory is bounded by the number of
// sequences. InputError where the file holds no sequences or is damaged.
CheckedData check_data(const std::shared_ptr<const DatasetReader>& file, const Columns& columns,
                       bool steps_spell, std::int64_t most);

}  // namespace rondo
