// The values of one sequence of a table.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/series/series_times.hpp"
#include "data/tables/importers/record_reader.hpp"
#include "rondo/data/columns.hpp"

namespace rondo {

// Views reach into its rows.
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

}  // namespace rondo
