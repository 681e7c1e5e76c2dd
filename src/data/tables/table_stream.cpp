#include "data/tables/table_stream.hpp"

#include <string>
#include <vector>

#include "data/tables/table_survey.hpp"

namespace rondo {
namespace {

// The table's column by which rows belong together, or which orders them; empty: none.
std::string first_named(const Columns& columns, std::string Column::*member) {
  for (const Column& column : columns) {
    if (!(column.*member).empty()) return column.*member;
  }
  return {};
}

// A table of one column of text needs no name where a model reads one column.
std::vector<TableColumn> named_for(const Columns& columns, std::vector<TableColumn> table) {
  std::vector<std::string> read;
  for (const Column& column : columns) {
    if (column.role == ColumnRole::target) continue;
    for (const std::string& name : column.table_columns()) read.push_back(name);
  }
  if (table.size() == 1 && read.size() == 1 && !table[0].numeric) table[0].name = read[0];
  return table;
}

}  // namespace

TableStream::TableStream(const TableInput& input, const Columns& columns)
    : columns_(columns),
      rows_(open_records(input), first_named(columns, &Column::group),
            first_named(columns, &Column::time)),
      reader_(columns, named_for(columns, rows_.reader().columns()), true) {
  rows_.need(reader_.needed());
}

bool TableStream::next(MemorySequences& to) {
  if (!rows_.next()) return false;
  reader_.read(rows_.rows(), values_);
  to.add(values_.length);
  std::vector<std::int32_t> symbols;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const SequenceValues::OfColumn& own = values_.columns[i];
    const int column = static_cast<int>(i);
    if (columns_[i].is_real()) {
      to.put(column, own.numbers);
      continue;
    }
    symbols.clear();
    append_numbers(columns_[i], own, symbols);
    to.put(column, symbols);
  }
  return true;
}

}  // namespace rondo
