#include "data/tables/table_values.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "data/levels/chunks.hpp"
#include "data/tables/cell_values.hpp"
#include "data/tables/file_columns.hpp"
#include "data/tables/table_roles.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

void check_fits(const Record& row, std::size_t length) {
  if (length <= std::size_t{std::numeric_limits<std::int32_t>::max()}) return;
  throw_input("{}: a sequence of {} steps is too long", row.place(), length);
}

}  // namespace

std::uint64_t SequenceValues::hash_of_inputs(const Columns& kinds) const {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  const auto add = [&](std::uint64_t part) { hash = (hash ^ part) * 0x100000001B3U; };
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (kinds[i].role == ColumnRole::target) continue;
    for (const std::string_view symbol : columns[i].symbols) {
      for (const char c : symbol) add(static_cast<unsigned char>(c));
      add(0x100);
    }
    for (const double number : columns[i].numbers) {
      const auto bits = std::bit_cast<std::uint64_t>(number);
      for (int shift = 0; shift < 64; shift += 8) add(bits >> shift & 0xFF);
    }
    add(0x101);
  }
  return hash;
}

TableValues::TableValues(const Columns& columns, const std::vector<TableColumn>& table,
                         bool may_lack)
    : columns_(columns),
      table_(table),
      may_lack_(may_lack),
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
              ? absent
              : find_column(table, name, std::string("--") + name_of(column.role)));
    }
    // Of some of a target's parts it must be known how many numbers the others would have had.
    const auto lacking = std::ranges::count(places_.back(), absent);
    const auto parts = static_cast<std::ptrdiff_t>(places_.back().size());
    if (lacking == parts || (lacking > 0 && parts != column.width)) places_.back().clear();
    encoders_.emplace_back();
    if (column.kind != ColumnKind::subword || !column.vocabulary) continue;
    encoders_.back() =
        std::make_unique<ChunkEncoder>(static_cast<const SubwordVocabulary&>(*column.vocabulary));
  }
}

std::vector<bool> TableValues::needed() const {
  std::vector<bool> needed(table_.size());
  for (const auto& places : places_) {
    for (const std::size_t place : places) {
      if (place != absent) needed[place] = true;
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
    const std::size_t symbols = encoders_[i] ? own.subwords.size() : own.symbols.size();
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
                  place_of(rows[0], places_[i].front()), own.numbers.size(), width);
    }
    const std::size_t length = column.is_real()       ? own.numbers.size() / width
                               : column.has_letters() ? own.letters.size()
                                                      : symbols;
    if (length == 0) fail_missing(rows[0], places_[i].front());
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
              place_of(values.rows[0], places_[number].front()), SymbolVocabulary::end_name);
}

// `first`: the column that has told the sequence's length.
void TableValues::check_length(std::size_t number, std::size_t length, std::size_t first,
                               const SequenceValues& values) const {
  if (length == static_cast<std::size_t>(values.length)) return;
  const Column& column = columns_[number];
  const Record& row = values.rows[0];
  if (column.role == ColumnRole::target) {
    throw_input("{}: there {} {} for the {} step{} of '{}', and each step has one",
                place_of(row, places_[number].front()), length == 1 ? "is" : "are", length,
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
        if (place == absent) continue;
        if (name_in(row.cells[place], one) == name_in(rows[0].cells[place], other)) continue;
        throw_input("{}: the value differs from {}'s, and a sequence has one {}",
                    place_of(row, place), rows[0].place(), name_of(column.role));
      }
      continue;
    }
    for (const std::size_t place : places_[number]) {
      if (place == absent) {
        to.numbers.push_back(std::numeric_limits<double>::quiet_NaN());
      } else {
        add_cell(number, place, row, is_series_ || !column.group.empty(), values, to);
      }
    }
  }
  const auto width = static_cast<std::size_t>(column.width);
  if (column.is_real() && !by_steps && to.numbers.size() != width) {
    throw_input("{}: {} numbers, and '{}' has {}", rows[0].place(), to.numbers.size(), column.name,
                width);
  }
}

void TableValues::add_cell(std::size_t number, std::size_t place, const Record& row,
                           bool rows_are_steps, SequenceValues& values,
                           SequenceValues::OfColumn& to) const {
  const Column& column = columns_[number];
  const Cell& cell = row.cells[place];
  if (column.features) {
    read_file(column, row, cell, table_[place].name, to.numbers);
    return;
  }
  if (column.is_real()) {
    add_numbers(column, place, row, to);
    return;
  }
  if (column.has_letters()) {
    add_letters(column, place, row, rows_are_steps, values, to);
    return;
  }
  if (std::ranges::any_of(cell.numbers, [](double value) { return std::isinf(value); })) {
    throw_input("{}: it holds what is no finite number", place_of(row, place));
  }
  const bool may_be_absent =
      (may_lack_ || column.masks_missing) && column.role == ColumnRole::target;
  if (column.kind == ColumnKind::category || (rows_are_steps && !column.has_labels())) {
    std::string_view name = name_in(cell, values.storage.emplace_back());
    if (!name.empty()) {
      to.symbols.push_back(name);
    } else if (may_be_absent && column.scope == ColumnScope::steps) {
      to.symbols.emplace_back();
    } else if (may_be_absent) {
      to.is_given = false;
    } else if (column.masks_missing) {
      to.symbols.push_back(SymbolVocabulary::missing_name);
    } else {
      fail_missing(row, place);
    }
    return;
  }
  const std::string_view text =
      column.has_labels() ? name_in(cell, values.storage.emplace_back()) : cell.text;
  if (column.kind == ColumnKind::subword) {
    add_subwords(number, cell, values, to);
  } else {
    for_each_symbol(column.kind, text, [&](std::string_view symbol) {
      const bool again =
          column.has_labels() && std::ranges::find(to.symbols, symbol) != to.symbols.end();
      if (!again) to.symbols.push_back(symbol);
    });
  }
  if (!to.symbols.empty() || column.has_labels()) return;
  if (may_be_absent) {
    to.is_given = false;
    return;
  }
  if (!column.masks_missing) fail_missing(row, place);
  add_chunk(number, SymbolVocabulary::missing_name, to);
}

void TableValues::add_chunk(std::size_t column, std::string_view chunk,
                            SequenceValues::OfColumn& to) const {
  to.symbols.push_back(chunk);
  if (!encoders_[column]) return;
  const std::vector<std::int32_t>& subwords = (*encoders_[column])(chunk);
  to.subwords.insert(to.subwords.end(), subwords.begin(), subwords.end());
}

// A blank stands before the first word, too, so that it is the same there as elsewhere.
void TableValues::add_subwords(std::size_t column, const Cell& cell, SequenceValues& values,
                               SequenceValues::OfColumn& to) const {
  std::string& text = values.storage.emplace_back();
  for_each_symbol(ColumnKind::word, cell.text,
                  [&](std::string_view word) { text.append(" ").append(word); });
  std::size_t at = 0;
  const auto use = [&](std::string_view chunk) {  // which may be the scanner's copy
    add_chunk(column, std::string_view(text).substr(at, chunk.size()), to);
    at += chunk.size();
  };
  ChunkScanner scanner;
  scanner.feed(text, use);
  scanner.finish(use);
}

void TableValues::add_letters(const Column& column, std::size_t place, const Record& row,
                              bool rows_are_steps, SequenceValues& values,
                              SequenceValues::OfColumn& to) const {
  const auto spell = [&](std::string_view word) {
    const std::size_t before = to.symbols.size();
    for_each_symbol(ColumnKind::character, word,
                    [&](std::string_view letter) { to.symbols.push_back(letter); });
    to.letters.push_back(static_cast<std::int32_t>(to.symbols.size() - before));
  };
  const std::size_t words = to.letters.size();
  const std::string_view cell = name_in(row.cells[place], values.storage.emplace_back());
  if (!rows_are_steps) {
    for_each_symbol(ColumnKind::word, cell, spell);
  } else if (!cell.empty()) {
    spell(cell);
  }
  if (to.letters.size() > words) return;
  if (!column.masks_missing) fail_missing(row, place);
  to.symbols.push_back(SymbolVocabulary::missing_name);
  to.letters.push_back(1);
}

void TableValues::add_numbers(const Column& column, std::size_t place, const Record& row,
                              SequenceValues::OfColumn& to) const {
  const auto add = [&](double value) {
    if (std::isinf(value)) throw_input("{}: {} is no finite number", place_of(row, place), value);
    if (std::isnan(value)) {
      const bool ends_early = is_series_ && column.role == ColumnRole::source;
      const bool may_be_absent = may_lack_ && (column.is_target() || ends_early);
      if (!column.masks_missing && !may_be_absent) fail_missing(row, place);
      value = std::numeric_limits<double>::quiet_NaN();  // the same bits for all
    }
    to.numbers.push_back(value);
  };
  const Cell& cell = row.cells[place];
  for (const double value : cell.numbers) add(value);
  if (!cell.numbers.empty()) return;
  const std::optional<double> number = number_in(cell.text);
  if (!number && !is_missing_number(cell.text)) {
    throw_input("{}: {} is no finite number", place_of(row, place), rondo::quoted(cell.text));
  }
  add(number.value_or(std::numeric_limits<double>::quiet_NaN()));
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
        fail_missing(rows[rows_of(i, at)], places_[i][at % places_[i].size()]);
      }
    }
  }
}

void TableValues::fail_missing(const Record& row, std::size_t place) const {
  throw_input(
      "{}: the value is missing: fill it in or leave the row out, or prepare what the network "
      "learns from with --missing mask",
      place_of(row, place));
}

std::string TableValues::place_of(const Record& row, std::size_t place) const {
  return place == absent ? row.place() : row.place(table_[place].name);
}

}  // namespace rondo
