// What one sequence of a data set shows to who looks at it alone.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rondo/core/hash.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo {

struct SequenceLook {
  Sha256Bytes inputs{}, target{};  // of all that is read; of all that is to be said
  bool is_given = false;           // whether the target is
  std::int64_t steps = 0;
  std::int64_t steps_needed = 0;  // to spell the target, where it has steps of its own
  std::int64_t unknown = 0;       // symbols, in the column that has most
  std::string unknown_column;
  bool is_silent = false;
  std::string silence;    // in what way
  double deviations = 0;  // of the number that is furthest off,
  std::string outlier;    // and which one it is
  // Classes and labels of targets: the column, and the symbol; ascending, each once.
  std::vector<std::pair<std::size_t, std::int32_t>> classes;
};

// What stands for what is unknown in a column; -1: nothing does.
std::int32_t unknown_of(const Column& column);
// Whether its symbols are classes or labels.
bool has_classes_of(const Column& column);
// Whether numbers of it can lie too far off: those of pictures and sound files cannot.
bool has_moments(const Column& column);

SequenceLook look_at(const SequenceSource& sequences, const Columns& columns,
                     std::int64_t sequence);

}  // namespace rondo
