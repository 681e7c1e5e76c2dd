// Which columns of a table a data set is made of.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "data/features/file_features.hpp"
#include "data/tables/importers/record_reader.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {

// A column of the table and what it is for.
struct TableRole {
  std::string name;
  ColumnRole role = ColumnRole::source;
  std::optional<ColumnKind> kind = {};  // as given, else guessed
  bool numeric = false;                 // its cells hold numbers
  bool letters = false;                 // of its words
  const FileKind* files = nullptr;      // its cells are paths of such files; the kind is real
};

// The place of a column's name. InputError that begins with `what` and offers the nearest name.
std::size_t find_column(const std::vector<TableColumn>& columns, const std::string& name,
                        const std::string& what);

// Roles as the options give them: sources first, in the order of the options; where there are none,
// what the format offers, else all named columns that have no other use. InputError for a column
// that is not there or has two roles, for a kind that there is not, and for no target.
std::vector<TableRole> choose_roles(const TableOptions& options, const RecordReader& reader);

}  // namespace rondo
