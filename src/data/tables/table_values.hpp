// The values that a sequence's rows hold for the columns of a data set.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/levels/chunk_encoder.hpp"
#include "data/series/series_times.hpp"
#include "data/tables/importers/record_reader.hpp"
#include "rondo/data/columns.hpp"

namespace rondo {

// One sequence. Views reach into its rows.
struct SequenceValues {
  struct OfColumn {
    std::vector<std::string_view> symbols;  // empty: a step's target that is not given
    std::vector<double> numbers;
    std::vector<std::int32_t> letters;  // of each step, where the column has some
    // Of subwords `symbols` are chunks (data/levels/chunks.hpp), and these the subwords, where the
    // column has its vocabulary; none while it is to be learned.
    std::vector<std::int32_t> subwords;
    bool is_given = true;  // a target may be absent altogether
  };
  std::span<const Record> rows;
  std::int32_t length = 0;         // steps; while subwords are to be learned, chunks
  std::int32_t second_length = 0;  // on the second axis: letters, or own steps and their end
  // Of series.
  SeriesTimes times = {};
  std::size_t split = 0;     // of a part: its place in split_names
  std::int64_t context = 0;  // of its steps
  std::int64_t series = 0;   // its series' number, by which parts in several splits know each other
  std::vector<OfColumn> columns;
  std::deque<std::string> storage;

  // Of what the network reads: the same for the same values.
  std::uint64_t hash_of_inputs(const Columns& kinds) const;
};

class TableValues {
 public:
  // `columns` may lack vocabularies and scales; they must outlive it. InputError for a column that
  // the table lacks, but for targets, if these `may_lack`.
  TableValues(const Columns& columns, const std::vector<TableColumn>& table, bool may_lack);

  // A number that is missing is NaN, where the column masks it, and all numbers of a target that
  // the table lacks. InputError with file, line and column for one that is not masked, for what is
  // no number, for columns of different lengths, and for a target of whole sequences that changes
  // within one.
  void read(std::span<const Record> rows, SequenceValues& values) const;
  // Which columns of the table are read.
  std::vector<bool> needed() const;

 private:
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);

  void read_column(std::size_t column, std::span<const Record> rows, SequenceValues& values) const;
  void add_cell(std::size_t column, std::size_t place, const Record& row, bool rows_are_steps,
                SequenceValues& values, SequenceValues::OfColumn& to) const;
  void add_subwords(std::size_t column, const Cell& cell, SequenceValues& values,
                    SequenceValues::OfColumn& to) const;
  // A chunk, and its subwords; or a symbol.
  void add_chunk(std::size_t column, std::string_view chunk, SequenceValues::OfColumn& to) const;
  void check_own_steps(std::size_t column, const SequenceValues& values) const;
  void add_letters(const Column& column, std::size_t place, const Record& row, bool rows_are_steps,
                   SequenceValues& values, SequenceValues::OfColumn& to) const;
  void check_length(std::size_t column, std::size_t length, std::size_t first,
                    const SequenceValues& values) const;
  // Of a series: puts in the rows that lack.
  void lay_by_time(std::span<const Record> rows, SequenceValues& values) const;
  void check_given(std::span<const Record> rows, const SequenceValues& values) const;
  void add_numbers(const Column& column, std::size_t place, const Record& row,
                   SequenceValues::OfColumn& to) const;
  [[noreturn]] void fail_missing(const Record& row, std::size_t place) const;
  std::string place_of(const Record& row, std::size_t place) const;

  const Columns& columns_;
  std::vector<TableColumn> table_;
  // A column: of its parts in a record; none where a target is absent, `absent` for a part of one.
  std::vector<std::vector<std::size_t>> places_;
  std::vector<std::unique_ptr<ChunkEncoder>> encoders_;  // a column, of subwords
  bool may_lack_;
  bool is_series_ = false;
  std::optional<std::size_t> time_;  // of series: its place in a record
};

}  // namespace rondo
