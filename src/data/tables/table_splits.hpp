// Which sequences of a table train, validate and test.
#pragma once

#include <cstdint>
#include <vector>

#include "data/tables/rows/table_look.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {

// A number a sequence: its place in split_names. InputError for a split that is asked for and would
// be empty, and for no train split, unless `may_lack_train`.
std::vector<std::uint8_t> assign_splits(const TableOptions& options, const SequenceFacts& facts,
                                        bool may_lack_train);

}  // namespace rondo
