#include "data/tables/columns/file_columns.hpp"

#include <algorithm>

#include "data/tables/values/cell_values.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

std::filesystem::path path_in(const Record& record, const Cell& cell, std::string_view column) {
  const std::string_view name = without_blanks(cell.text);
  if (name.empty()) {
    throw_input("{}: the path of a file is missing: fill it in or leave the row out",
                record.place(column));
  }
  if (record.unit.empty()) return name;
  return std::filesystem::path(record.file).parent_path() / name;
}

void set_features(const TableOptions& options, const FileKind& files,
                  const std::filesystem::path& first, Column& column) {
  if (options.is_series()) {
    throw_input("--{} {}: a series has numbers at each step, not {}", name_of(column.role),
                column.name, files.name);
  }
  column.features = files.make(options.features, first);
  column.width = column.features->width();
  column.masks_missing = false;
  const bool is_value = column.scope == ColumnScope::sequence || !column.group.empty();
  if (!is_value || column.features->has_one_step()) return;
  throw_input(
      "--{} {}: {}, and a {} is many steps: --task {} reads it with --source, a row being a "
      "sequence{}",
      name_of(column.role), column.name,
      column.group.empty() ? "a sequence has one value of it" : "a row is a step", files.thing,
      options.task, files.one_step);
}

void check_feature_options(const TableOptions& options, const Columns& columns) {
  for (const FileKind& files : file_kinds()) {
    const bool any = std::ranges::any_of(columns, [&](const Column& column) {
      return column.features && std::string_view(column.features->kind()) == files.name;
    });
    for (const KeyFacts& key : files.keys) {
      if (any || !options.features.contains(key.name)) continue;
      throw_input(
          "--{} is for columns of the kind {}, and there is none: name one, --source NAME:{}",
          key.name, files.name, files.name);
    }
  }
}

void read_file(const Column& column, const Record& record, const Cell& cell, std::string_view name,
               std::vector<double>& numbers) {
  if (!cell.numbers.empty()) {
    throw_input("{}: it holds numbers, and is to hold the path of a file", record.place(name));
  }
  const std::filesystem::path file = path_in(record, cell, name);
  const std::size_t before = numbers.size();
  try {
    column.features->read(file, numbers);
  } catch (const InputError& error) {
    if (record.unit.empty()) throw;  // the file is the record
    throw_input("{}: {}", record.place(name), error.what());
  }
  for (std::size_t i = before; i < numbers.size(); ++i) numbers[i] = static_cast<float>(numbers[i]);
}

}  // namespace rondo
