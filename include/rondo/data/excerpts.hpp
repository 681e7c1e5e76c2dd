// Sequences of a split, one by one, as people are shown them: a few words or numbers of each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo {

// The rows that a column has of a sequence: steps, the sequence, letters or own steps.
struct RowsOfSequence {
  std::int64_t first = 0, count = 0;
};
RowsOfSequence rows_of(const SequenceSource& sequences, const Column& column,
                       std::int64_t sequence);

// The values of a column that a sequence has.
std::vector<std::int32_t> tokens_of(const SequenceSource& sequences, const Columns& columns,
                                    std::size_t column, std::int64_t sequence);
std::vector<double> numbers_of(const SequenceSource& sequences, const Columns& columns,
                               std::size_t column, std::int64_t sequence);

// In one line: what is read of a sequence, or, `of_target`, what is to be said: the beginnings of
// its texts, its classes, its first numbers; of several columns each behind its name.
std::string excerpt(const SequenceSource& sequences, const Columns& columns, std::int64_t sequence,
                    bool of_target = false);

}  // namespace rondo
