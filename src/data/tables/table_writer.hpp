// Writes the sequences of tables to a data set file, each to its split.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/tables/values/table_values.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo {

// How many sequences, steps and steps on the second axis a split has.
struct SplitSize {
  std::uint64_t sequences = 0, steps = 0, second = 0;
};

// The element type of a column: the narrowest that holds its symbols and the number behind them.
ElementType stored_type(const Column& column);

// "<split>/columns/<n>", and "<split>/letters" where a column has some, of all splits that have
// sequences, split by split.
std::vector<DatasetWriter::Large> table_arrays(const Columns& columns,
                                               const std::vector<SplitSize>& sizes);

class TableWriter {
 public:
  // `writer` was made with table_arrays(columns, sizes).
  TableWriter(const Columns& columns, const std::vector<SplitSize>& sizes, DatasetWriter& writer);

  void add(std::size_t split, const SequenceValues& values);
  // What is still in memory.
  void flush();

 private:
  void put(std::size_t array, const void* value, std::size_t bytes);

  const Columns& columns_;
  DatasetWriter& writer_;
  std::vector<std::size_t> first_;  // a split: its first array
  std::vector<std::vector<std::byte>> waiting_;
  std::vector<std::int32_t> numbers_;  // of a sequence
  std::vector<float> floats_;
};

}  // namespace rondo
