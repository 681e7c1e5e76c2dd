// What must be known of all sequences before the first is written: vocabularies, scales, lengths.
#pragma once

#include <cstdint>
#include <vector>

#include "data/tables/rows/table_files.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {

struct TableSurvey {
  std::vector<std::int32_t> lengths;               // of each sequence, in the order of the files
  std::vector<std::int32_t> second_lengths;        // on the second axis, where a column lies there
  std::vector<std::uint64_t> hashes;               // of what the network reads
  std::vector<std::vector<std::int64_t>> unknown;  // a split, a column: symbols that are <unk>
  std::vector<std::vector<std::int64_t>> missing;  // a split, a column: masked values
  std::vector<TooLongTargets> too_long;            // a split
  // A split, a column of targets: sequences, or steps, a class; behind the last class those without
  // one.
  std::vector<std::vector<std::vector<std::int64_t>>> classes;
  std::vector<std::int64_t> grown;  // TableSummary::grown
};

// Reads all tables twice. Fills in vocabularies, counts and scales of `columns` from the sequences
// that `splits` gives to the train split, unless they are `known`, and then what they lack where
// they grow. InputError for a class of the other splits that is not among the train split's.
TableSurvey survey_tables(const TableOptions& options, const TableFiles& files,
                          const std::vector<std::uint8_t>& splits, bool known, Columns& columns);

// The symbols of a column other than a target have <unk>, so that all can be read; the number of a
// symbol, -1 for a class that is unknown.
std::int32_t symbol_number(const Column& column, std::string_view symbol);

// Appends what a sequence has of a column that is no numbers: its symbols' numbers, behind own
// steps the one that ends them; labels as words (core/labels.hpp), those that are unknown left out.
// -1 for what is not given. `length`: the sequence's steps.
void append_numbers(const Column& column, const SequenceValues::OfColumn& values,
                    std::int32_t length, std::vector<std::int32_t>& numbers);

}  // namespace rondo
