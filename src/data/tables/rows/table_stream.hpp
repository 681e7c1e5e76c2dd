// A table as a trained model reads it, once and sequence by sequence: also from standard input.
#pragma once

#include <string>
#include <vector>

#include "data/series/series_times.hpp"
#include "data/tables/rows/table_rows.hpp"
#include "data/tables/values/table_values.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo {

// What a table says of a series.
struct SeriesRead {
  std::string name;  // its group
  SeriesTimes times;
};

class TableStream {
 public:
  // `columns` are a model's and must outlive it. Their targets may be absent. InputError for a
  // column that the table lacks.
  TableStream(const TableInput& input, const Columns& columns);

  // Adds the next sequence as soon as it is whole; false at the end. A class that the model does
  // not know is one that is not given. InputError with file, line and column of what is wrong.
  bool next(MemorySequences& to);
  // Of a column of texts: the steps of the sequence that was added last, as they stand there, known
  // or not; of subwords their own names.
  std::vector<std::string> symbols(std::size_t column) const;
  // Of columns that are a series: the one that was added last.
  SeriesRead series() const;

 private:
  const Columns& columns_;
  TableRows rows_;
  TableValues reader_;
  SequenceValues values_;
};

}  // namespace rondo
