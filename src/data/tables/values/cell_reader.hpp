// What one cell of a table adds to a column's values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/levels/chunk_encoder.hpp"
#include "data/tables/values/sequence_values.hpp"

namespace rondo {

class CellReader {
 public:
  // As of TableValues.
  CellReader(const Columns& columns, std::vector<TableColumn> table, bool may_lack,
             bool may_be_empty);

  // The place of a part of a target that the table lacks.
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);

  // Whether a column's symbols are subwords of a vocabulary that it has.
  bool has_subwords(std::size_t column) const { return encoders_[column] != nullptr; }
  // Adds what the cell at `place` of a row holds. InputError with file, line and column.
  void add(std::size_t column, std::size_t place, const Record& row, bool rows_are_steps,
           SequenceValues& values, SequenceValues::OfColumn& to) const;
  [[noreturn]] void fail_missing(const Record& row, std::size_t place) const;
  std::string place_of(const Record& row, std::size_t place) const;

 private:
  void add_subwords(std::size_t column, const Cell& cell, SequenceValues& values,
                    SequenceValues::OfColumn& to) const;
  void add_letters(const Column& column, std::size_t place, const Record& row, bool rows_are_steps,
                   SequenceValues& values, SequenceValues::OfColumn& to) const;
  void add_numbers(const Column& column, std::size_t place, const Record& row,
                   SequenceValues::OfColumn& to) const;
  // A chunk, and its subwords; or a symbol.
  void add_chunk(std::size_t column, std::string_view chunk, SequenceValues::OfColumn& to) const;

  const Columns& columns_;
  std::vector<TableColumn> table_;
  std::vector<std::unique_ptr<ChunkEncoder>> encoders_;  // a column, of subwords
  bool may_lack_, may_be_empty_;
  bool is_series_;
};

}  // namespace rondo
