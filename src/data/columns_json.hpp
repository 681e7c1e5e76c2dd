// What a model reads and says, as JSON for programs that are not rondo.
#pragma once

#include <nlohmann/json.hpp>

#include "rondo/data/columns.hpp"

namespace rondo {

// An object a column: "name", "role", "kind" as a table has it, "scope"; of numbers "mean" and
// "deviation", by which they are standardised; else "symbols", in the order of their numbers, and
// where there are such the numbers of "unknown", which stands for all symbols that are none of
// these, and of "end", which ends what is said and stands before its first symbol.
nlohmann::ordered_json columns_json(const Columns& columns);

// The symbols alone: whether rows that stand for symbols stand for the same ones.
nlohmann::ordered_json symbols_json(const Column& column);

}  // namespace rondo
