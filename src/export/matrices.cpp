#include "export/matrices.hpp"

#include <algorithm>

#include "tasks/answers/given_steps.hpp"

namespace rondo {

namespace {

// Tables are numbered in the order in which the network has them; the first has no number.
std::string table_name(int number) {
  return number == 0 ? "embedding.weight" : fmt::format("embedding_{}.weight", number);
}

}  // namespace

Matrix parameter(const SavedModel<float>& saved, const std::string& name) {
  const auto found = std::ranges::find(saved.layout.segments(), name, &Segment::name);
  if (found == saved.layout.segments().end()) return {};
  Matrix matrix{found->rows(), found->columns};
  matrix.values.reserve(found->elements());
  for (int row = 0; row < matrix.rows; ++row) {
    for (int column = 0; column < matrix.columns; ++column) {
      matrix.values.push_back(saved.parameters[found->offset + found->index(row, column)]);
    }
  }
  return matrix;
}

std::vector<ColumnRead> columns_read(const SavedModel<float>& saved) {
  std::vector<ColumnRead> read;
  int tables = 0;
  for (const Column* const column : tasks::given_columns(saved.task, saved.columns)) {
    read.push_back({column, ""});
    if (column->is_real()) continue;
    read.back().table = table_name(tables++);
  }
  return read;
}

const Column& column_said(const SavedModel<float>& saved) {
  const auto target = std::ranges::find(saved.columns, ColumnRole::target, &Column::role);
  return target == saved.columns.end() ? saved.columns.front() : *target;
}

std::string table_said(const SavedModel<float>& saved) {
  const std::vector<ColumnRead> read = columns_read(saved);
  const auto symbols =
      std::ranges::count_if(read, [](const ColumnRead& column) { return !column.table.empty(); });
  std::string own = table_name(static_cast<int>(symbols));
  if (parameter(saved, own).is_there()) return own;
  return std::ranges::find_if(read,
                              [](const ColumnRead& column) {
                                return column.column->role == ColumnRole::source &&
                                       column.column->is_text();
                              })
      ->table;
}

bool says_steps(const SavedModel<float>& saved) {
  return saved.task.continues_texts() || column_said(saved).scope == ColumnScope::steps;
}

bool reads_letters(const SavedModel<float>& saved) {
  return saved.config.letters_hidden > 0 &&
         std::ranges::any_of(saved.columns, &Column::has_letters);
}

}  // namespace rondo
