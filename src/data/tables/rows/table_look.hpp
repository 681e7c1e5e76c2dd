// The first look at a table: what its columns are, and what decides about splits.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "data/tables/columns/table_roles.hpp"
#include "data/tables/rows/table_files.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {

// Of each sequence, in the order of the files.
struct SequenceFacts {
  std::vector<std::uint8_t> files;    // whose it is: TableFiles' group
  std::vector<std::int32_t> classes;  // of the first target: which of the different ones
  std::vector<std::int32_t> units;    // split_by's value, where it is a column: into unit_names
  std::vector<std::string> unit_names;
  std::vector<std::string> times;  // where there is a time: of the first row

  std::size_t sequences() const { return files.size(); }
};

struct TableLook {
  Columns columns;            // without vocabularies and scales
  std::vector<bool> guessed;  // a column: its kind was not given
  SequenceFacts facts;
};

// Reads all tables once. `known`: columns that are taken as they are; else they are made of
// `roles`.
TableLook look_at_tables(const TableOptions& options, const TableFiles& files,
                         const std::vector<TableRole>& roles, const Columns* known);

}  // namespace rondo
