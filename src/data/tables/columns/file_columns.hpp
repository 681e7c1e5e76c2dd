// Columns whose cells are paths of pictures or sound files (data/features/).
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "data/features/file_features.hpp"
#include "data/tables/importers/record_reader.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {

// A cell as the path of a file: from the folder of its table, or, of a folder's files, as it
// stands. InputError, with its place, for one that is missing.
std::filesystem::path path_in(const Record& record, const Cell& cell, std::string_view column);

// Fills in what the column's files become. `first` is the first of them. InputError where a
// sequence, or a row, has one value of the column, and a file is many steps.
void set_features(const TableOptions& options, const FileKind& files,
                  const std::filesystem::path& first, Column& column);

// InputError for an option of a kind of which there is no column.
void check_feature_options(const TableOptions& options, const Columns& columns);

// Appends what a cell's file becomes, as it is stored: floats, half of the bytes. InputError with
// the cell's place. `name`: the table's column.
void read_file(const Column& column, const Record& record, const Cell& cell, std::string_view name,
               std::vector<double>& numbers);

}  // namespace rondo
