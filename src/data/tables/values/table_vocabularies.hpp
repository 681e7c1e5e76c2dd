// The vocabularies of a table's columns, of symbols that were counted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/data/prepare_table.hpp"

namespace rondo {

// How often each symbol stands in the train split.
using SymbolCounts = std::map<std::string, std::int64_t, std::less<>>;

// Adds a symbol; one that is empty is none.
void count_symbol(std::string_view symbol, SymbolCounts& counts);

// Vocabularies of all columns but those of numbers, and counts of their symbols, but of subwords,
// which are counted when they can be cut; of a source of text and a target with own steps the same
// where they share it. `counts`: of each column. InputError where there is nothing to tell apart or
// to say.
void set_vocabularies(const TableOptions& options, const std::vector<SymbolCounts>& counts,
                      Columns& columns);

// Puts symbols that the columns lack behind their own (TableOptions::grow_vocabulary), with their
// counts. Of a source of text and a target that have had one vocabulary, it stays one. Returns how
// many are new in each column. InputError where no column can have more.
std::vector<std::int64_t> grow_vocabularies(const TableOptions& options,
                                            const std::vector<SymbolCounts>& counts,
                                            Columns& columns);

}  // namespace rondo
