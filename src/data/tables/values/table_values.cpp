#include "data/tables/values/table_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/tables/columns/table_roles.hpp"
#include "data/tables/values/cell_values.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

void check_fits(const Record& row, std::size_t length) {
  if (length <= std::size_t{std::numeric_limits<std::int32_t>::max()}) return;
  throw_input("{}: a sequence of {} steps is too long", row.place(), length);
}

}  // namespace

TableValues::TableValues(const Columns& columns, const std::vector<TableColumn>& table,
                         bool may_lack, bool may_be_empty)
    : columns_(columns),
      table_(table),
      cells_(columns, table, may_lack, may_be_empty),
      is_series_(std::ranges::any_of(columns, &Column::is_series)) {
  if (is_series_ && !columns[0].time.empty()) {
    time_ = find_column(table, columns[0].time, "--time");
  }
  for (const Column& column : columns) {
    places_.emplace_back();
    for (const std::string& name : column.table_columns()) {
      const bool is_there = std::ranges::find(table, name, &TableColumn::name) != table.end();
      const bool may_be_absent = may_lack && column.is_target() && !is_series_;
      places_.back().push_back(
          !is_there && may_be_absent
              ? CellReader::absent
              : find_column(table, name, std::string("--") + name_of(column.role)));
    }
    // Of some of a target's parts it must be known how many numbers the others would have had.
    const auto lacking = std::ranges::count(places_.back(), CellReader::absent);
    const auto parts = static_cast<std::ptrdiff_t>(places_.back().size());
    if (lacking == parts || (lacking > 0 && parts != column.width)) places_.back().clear();
  }
}

std::vector<bool> TableValues::needed() const {
  std::vector<bool> needed(table_.size());
  for (const auto& places : places_) {
    for (const std::size_t place : places) {
      if (place != CellReader::absent) needed[place] = true;
    }
  }
  for (const Column& column : columns_) {
    for (std::size_t i = 0; i < table_.size(); ++i) {
      if (!table_[i].name.empty() &&
          (table_[i].name == column.group || table_[i].name == column.time)) {
        needed[i] = true;
      }
    }
  }
  return needed;
}

void TableValues::read(std::span<const Record> rows, SequenceValues& values) const {
  values.columns.resize(columns_.size());
  values.storage.clear();
  values.rows = rows;
  values.length = values.second_length = 0;
  std::size_t first = columns_.size();  // column that has steps
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    read_column(i, rows, values);
    const Column& column = columns_[i];
    const SequenceValues::OfColumn& own = values.columns[i];
    const std::size_t symbols = cells_.has_subwords(i) ? own.subwords.size() : own.symbols.size();
    if (column.axis() == 1) {
      const std::size_t length = symbols + (column.has_own_steps() ? 1 : 0);
      check_fits(rows[0], length);
      values.second_length = static_cast<std::int32_t>(length);
    }
    if (column.has_own_steps() && own.is_given) check_own_steps(i, values);
    if (column.scope == ColumnScope::sequence || column.has_own_steps() || !own.is_given) continue;
    const auto width = static_cast<std::size_t>(column.width);
    if (column.is_real() && own.numbers.size() % width != 0) {
      throw_input("{}: {} numbers cannot be cut into steps of {}",
                  cells_.place_of(rows[0], places_[i].front()), own.numbers.size(), width);
    }
    const std::size_t length = column.is_real()       ? own.numbers.size() / width
                               : column.has_letters() ? own.letters.size()
                                                      : symbols;
    if (length == 0) cells_.fail_missing(rows[0], places_[i].front());
    check_fits(rows[0], length);
    if (first < columns_.size()) check_length(i, length, first, values);
    if (first == columns_.size()) first = i;
    values.length = static_cast<std::int32_t>(length);
  }
  if (is_series_) lay_by_time(rows, values);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i].is_real() || values.columns[i].is_given) continue;
    const std::size_t steps = columns_[i].scope == ColumnScope::steps
                                  ? static_cast<std::size_t>(values.length)
                                  : std::size_t{1};
    values.columns[i].numbers.assign(steps * static_cast<std::size_t>(columns_[i].width),
                                     std::numeric_limits<double>::quiet_NaN());
  }
}

void TableValues::check_own_steps(std::size_t number, const SequenceValues& values) const {
  const Column& column = columns_[number];
  if (column.kind == ColumnKind::subword) return;
  const auto& symbols = values.columns[number].symbols;
  if (std::ranges::find(symbols, SymbolVocabulary::end_name) == symbols.end()) return;
  throw_input("{}: {} is the symbol that ends what is said: leave it out, or call it otherwise",
              cells_.place_of(values.rows[0], places_[number].front()), SymbolVocabulary::end_name);
}

// `first`: the column that has told the sequence's length.
void TableValues::check_length(std::size_t number, std::size_t length, std::size_t first,
                               const SequenceValues& values) const {
  if (length == static_cast<std::size_t>(values.length)) return;
  const Column& column = columns_[number];
  const Record& row = values.rows[0];
  if (column.role == ColumnRole::target) {
    throw_input("{}: there {} {} for the {} step{} of '{}', and each step has one",
                cells_.place_of(row, places_[number].front()), length == 1 ? "is" : "are", length,
                values.length, values.length == 1 ? "" : "s", columns_[first].name);
  }
  throw_input(
      "{}: '{}' has {} steps and '{}' has {}: what is read step by step needs as many; name "
      "such columns with --source, and one value for the whole sequence with --static",
      row.place(), columns_[first].name, values.length, column.name, length);
}

void TableValues::read_column(std::size_t number, std::span<const Record> rows,
                              SequenceValues& values) const {
  const Column& column = columns_[number];
  SequenceValues::OfColumn& to = values.columns[number];
  to.symbols.clear();
  to.numbers.clear();
  to.letters.clear();
  to.subwords.clear();
  to.is_given = !places_[number].empty();
  if (!to.is_given) return;
  // A text is one row's, whatever steps it has.
  const bool by_steps = column.scope != ColumnScope::sequence && !column.has_own_steps();
  for (const Record& row : rows) {
    if (!by_steps && &row != &rows[0]) {
      std::string one, other;
      for (const std::size_t place : places_[number]) {
        if (place == CellReader::absent) continue;
        if (name_in(row.cells[place], one) == name_in(rows[0].cells[place], other)) continue;
        throw_input("{}: the value differs from {}'s, and a sequence has one {}",
                    cells_.place_of(row, place), rows[0].place(), name_of(column.role));
      }
      continue;
    }
    for (const std::size_t place : places_[number]) {
      if (place == CellReader::absent) {
        to.numbers.push_back(std::numeric_limits<double>::quiet_NaN());
      } else {
        cells_.add(number, place, row, is_series_ || !column.group.empty(), values, to);
      }
    }
  }
  const auto width = static_cast<std::size_t>(column.width);
  if (column.is_real() && !by_steps && to.numbers.size() != width) {
    throw_input("{}: {} numbers, and '{}' has {}", rows[0].place(), to.numbers.size(), column.name,
                width);
  }
}

void TableValues::lay_by_time(std::span<const Record> rows, SequenceValues& values) const {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const bool masks = columns_[0].masks_missing;
  values.times =
      time_ ? series_times(rows, *time_, table_[*time_].name, masks) : numbered_times(rows);
  const std::int64_t length = values.times.rows.back() + 1;
  if (length > std::numeric_limits<std::int32_t>::max()) {
    throw_input("{}: a series of {} rows is too long", rows[0].place(), length);
  }
  if (!masks) check_given(rows, values);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].scope != ColumnScope::steps) continue;
    const auto width = static_cast<std::size_t>(columns_[i].width);
    std::vector<double>& numbers = values.columns[i].numbers;
    if (length == values.length) continue;
    std::vector<double> laid(static_cast<std::size_t>(length) * width, none);
    for (std::size_t row = 0; row < values.times.rows.size(); ++row) {
      std::copy_n(numbers.data() + row * width, width,
                  laid.data() + static_cast<std::size_t>(values.times.rows[row]) * width);
    }
    numbers = std::move(laid);
  }
  values.length = static_cast<std::int32_t>(length);
}

// What is behind the last target is to be forecast: only what is known of the future stands there.
void TableValues::check_given(std::span<const Record> rows, const SequenceValues& values) const {
  std::size_t given = 0;  // rows up to the last one with a target
  const auto rows_of = [&](std::size_t column, std::size_t number) {
    return number / static_cast<std::size_t>(columns_[column].width);
  };
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::vector<double>& numbers = values.columns[i].numbers;
    for (std::size_t at = numbers.size(); columns_[i].is_target() && at-- > 0;) {
      if (std::isnan(numbers[at])) continue;
      given = std::max(given, rows_of(i, at) + 1);
      break;
    }
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].scope != ColumnScope::steps) continue;
    const std::vector<double>& numbers = values.columns[i].numbers;
    for (std::size_t at = 0; at < numbers.size() && rows_of(i, at) < given; ++at) {
      if (std::isnan(numbers[at])) {
        cells_.fail_missing(rows[rows_of(i, at)], places_[i][at % places_[i].size()]);
      }
    }
  }
}

}  // namespace rondo
