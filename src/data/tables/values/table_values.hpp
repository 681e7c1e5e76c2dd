// The values that a sequence's rows hold for the columns of a data set.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/tables/values/cell_reader.hpp"
#include "data/tables/values/sequence_values.hpp"
#include "rondo/data/columns.hpp"

namespace rondo {

class TableValues {
 public:
  // `columns` may lack vocabularies and scales; they must outlive it. InputError for a column that
  // the table lacks, but for targets, if these `may_lack`, and later for a cell without a value;
  // `may_be_empty`: but for texts that are targets.
  TableValues(const Columns& columns, const std::vector<TableColumn>& table, bool may_lack,
              bool may_be_empty);

  // A number that is missing is NaN, where the column masks it, and all numbers of a target that
  // the table lacks. InputError with file, line and column for one that is not masked, for what is
  // no number, for columns of different lengths, and for a target of whole sequences that changes
  // within one.
  void read(std::span<const Record> rows, SequenceValues& values) const;
  // Which columns of the table are read.
  std::vector<bool> needed() const;

 private:
  void read_column(std::size_t column, std::span<const Record> rows, SequenceValues& values) const;
  void check_own_steps(std::size_t column, const SequenceValues& values) const;
  void check_length(std::size_t column, std::size_t length, std::size_t first,
                    const SequenceValues& values) const;
  // Of a series: puts in the rows that lack.
  void lay_by_time(std::span<const Record> rows, SequenceValues& values) const;
  void check_given(std::span<const Record> rows, const SequenceValues& values) const;

  const Columns& columns_;
  std::vector<TableColumn> table_;
  // A column: of its parts in a record; none where a target is absent, CellReader::absent for a
  // part of one.
  std::vector<std::vector<std::size_t>> places_;
  CellReader cells_;
  bool is_series_ = false;
  std::optional<std::size_t> time_;  // of series: its place in a record
};

}  // namespace rondo
