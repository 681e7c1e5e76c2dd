// What captions are measured beside: what was said of the sequence of the train split that is
// nearest to the one that is read.
//
// The distance of two sequences is the sum of the squared differences of their numbers,
// standardised, place by place, in double, columns and places ascending; one that only one of them
// has stands against the mean, 0. A class that differs is as far as two numbers that differ by 1.
#pragma once

#include <cstdint>
#include <vector>

#include "rondo/data/sequences.hpp"

namespace rondo {

class NearestSequence {
 public:
  // Of the columns that are read those of numbers and of classes count. Memory: that of all numbers
  // in float.
  NearestSequence(const SequenceSource& training, const Columns& columns);

  // Of each sequence of `measured` the nearest one of training for which `counts` holds, the first
  // of equals. At least one counts.
  std::vector<std::size_t> nearest(const SequenceSource& measured,
                                   const std::vector<bool>& counts) const;

 private:
  // A column's values, sequence after sequence.
  struct Values {
    bool is_real = true;
    std::vector<float> values;
    std::vector<std::int64_t> starts{0};
  };
  std::vector<Values> read_all(const SequenceSource& sequences) const;

  Columns columns_;
  std::vector<Values> training_;
};

}  // namespace rondo
