#include "data/tables/rows/table_stream.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "data/tables/columns/table_roles.hpp"
#include "data/tables/rows/words_as_rows.hpp"
#include "data/tables/table_survey.hpp"
#include "data/tables/values/cell_values.hpp"

namespace rondo {
namespace {

// The table's column by which rows belong together, or which orders them; empty: none.
std::string first_named(const Columns& columns, std::string Column::*member) {
  for (const Column& column : columns) {
    if (!(column.*member).empty()) return column.*member;
  }
  return {};
}

// The name of the table's column that a model reads, where it is one; else empty.
std::string only_read(const Columns& columns) {
  std::vector<std::string> read;
  for (const Column& column : columns) {
    if (column.role == ColumnRole::target) continue;
    for (const std::string& name : column.table_columns()) {
      if (std::ranges::find(read, name) == read.end()) read.push_back(name);
    }
  }
  return read.size() == 1 ? read[0] : std::string();
}

// A table of one column of text needs no name where a model reads one column.
std::vector<TableColumn> named_for(const Columns& columns, std::vector<TableColumn> table) {
  const std::string read = only_read(columns);
  if (table.size() == 1 && !read.empty() && !table[0].numeric) table[0].name = read;
  return table;
}

// Where steps are rows, a table of one column of text has a sequence a line.
std::unique_ptr<RecordReader> open_for(const TableInput& input, const Columns& columns) {
  std::unique_ptr<RecordReader> reader = open_records(input);
  const std::string group = first_named(columns, &Column::group), read = only_read(columns);
  const bool is_text = reader->columns().size() == 1 && !reader->columns()[0].numeric;
  if (group.empty() || read.empty() || !is_text) return reader;
  return words_as_rows(std::move(reader), read, group);
}

TableRows rows_for(const TableInput& input, const Columns& columns) {
  std::unique_ptr<RecordReader> reader = open_for(input, columns);
  const std::string group = group_in(*reader, first_named(columns, &Column::group));
  const bool has_time = reader->usual_group() != group;
  return {std::move(reader),
          {group, has_time ? first_named(columns, &Column::time) : "", columns[0].is_series}};
}

}  // namespace

TableStream::TableStream(const TableInput& input, const Columns& columns)
    : columns_(columns),
      rows_(rows_for(input, columns)),
      reader_(columns, named_for(columns, rows_.reader().columns()), true, false) {
  rows_.need(reader_.needed());
}

SeriesRead TableStream::series() const {
  SeriesRead read{{}, values_.times};
  const std::string group = first_named(columns_, &Column::group);
  if (group.empty()) return read;
  std::string storage;
  const std::size_t place = find_column(rows_.reader().columns(), group, "--group");
  read.name = name_in(values_.rows[0].cells[place], storage);
  return read;
}

std::vector<std::string> TableStream::symbols(std::size_t column) const {
  const SequenceValues::OfColumn& own = values_.columns[column];
  std::vector<std::string> names;
  if (columns_[column].kind == ColumnKind::subword) {
    for (const std::int32_t subword : own.subwords) {
      names.push_back(columns_[column].symbol_name(static_cast<std::size_t>(subword)));
    }
    return names;
  }
  names.assign(own.symbols.begin(), own.symbols.end());
  return names;
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
    append_numbers(columns_[i], own, values_.length, symbols);
    to.put(column, symbols);
    if (columns_[i].has_letters()) to.put_letters(own.letters);
    if (columns_[i].has_own_steps()) to.put_own_steps(values_.second_length);
  }
  return true;
}

}  // namespace rondo
