// How series are cut into splits: in time, the first rows for training.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/tables/values/table_values.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {

// Rows [first, end) of a series are a split's; those in front of `own` are its context.
struct SeriesPart {
  std::size_t split = 0;  // its place in split_names
  std::int64_t first = 0, own = 0, end = 0;
};

class SeriesCuts {
 public:
  // InputError for options that leave nothing to train on.
  SeriesCuts(const TableOptions& options, bool may_lack_train);

  // Of the series that `values` holds, from file group `group` (TableFiles). InputError for one
  // that is too short, and for splits that are not in the order of time.
  std::vector<SeriesPart> parts(std::size_t group, const SequenceValues& values,
                                const std::vector<TableColumn>& columns) const;
  // The columns that it looks into.
  void add_needed(const std::vector<TableColumn>& columns, std::vector<bool>& needed) const;

 private:
  std::vector<SeriesPart> by_column(const SequenceValues& values, std::size_t column) const;
  SeriesPart part(std::size_t split, std::int64_t own, std::int64_t end) const;

  double validation_, test_;  // shares, or above 1 rows
  std::int64_t rows_;
  std::int64_t context_;
  std::string split_by_;
  bool may_lack_train_;
};

// The part as a sequence of its own, with what it has of `columns`.
void take_part(const Columns& columns, const SequenceValues& whole, const SeriesPart& rows,
               SequenceValues& part);

}  // namespace rondo
