#include "data/tables/values/cell_reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "data/levels/chunks.hpp"
#include "data/tables/columns/file_columns.hpp"
#include "data/tables/values/cell_values.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {

CellReader::CellReader(const Columns& columns, std::vector<TableColumn> table, bool may_lack,
                       bool may_be_empty)
    : columns_(columns),
      table_(std::move(table)),
      may_lack_(may_lack),
      may_be_empty_(may_be_empty),
      is_series_(std::ranges::any_of(columns, &Column::is_series)) {
  for (const Column& column : columns) {
    encoders_.emplace_back();
    if (column.kind != ColumnKind::subword || !column.vocabulary) continue;
    encoders_.back() =
        std::make_unique<ChunkEncoder>(static_cast<const SubwordVocabulary&>(*column.vocabulary));
  }
}

void CellReader::add(std::size_t number, std::size_t place, const Record& row, bool rows_are_steps,
                     SequenceValues& values, SequenceValues::OfColumn& to) const {
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
    const auto add_name = [&](const Cell& one) {
      const std::string_view name = name_in(one, values.storage.emplace_back());
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
    };
    // An array's item has a class for each of its steps.
    if (column.scope == ColumnScope::steps && !rows_are_steps && cell.numbers.size() > 1) {
      for (const double& number : cell.numbers) add_name({.numbers = {&number, 1}});
    } else {
      add_name(cell);
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
  if (may_be_empty_ && !column.masks_missing && column.is_target() && column.has_own_steps()) {
    return;
  }
  if (may_be_absent) {
    to.is_given = false;
    return;
  }
  if (!column.masks_missing) fail_missing(row, place);
  add_chunk(number, SymbolVocabulary::missing_name, to);
}

void CellReader::add_chunk(std::size_t column, std::string_view chunk,
                           SequenceValues::OfColumn& to) const {
  to.symbols.push_back(chunk);
  if (!encoders_[column]) return;
  const std::vector<std::int32_t>& subwords = (*encoders_[column])(chunk);
  to.subwords.insert(to.subwords.end(), subwords.begin(), subwords.end());
}

// A blank stands before the first word, too, so that it is the same there as elsewhere.
void CellReader::add_subwords(std::size_t column, const Cell& cell, SequenceValues& values,
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

void CellReader::add_letters(const Column& column, std::size_t place, const Record& row,
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

void CellReader::add_numbers(const Column& column, std::size_t place, const Record& row,
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

void CellReader::fail_missing(const Record& row, std::size_t place) const {
  throw_input(
      "{}: the value is missing: fill it in or leave the row out, or prepare what the network "
      "learns from with --missing mask",
      place_of(row, place));
}

std::string CellReader::place_of(const Record& row, std::size_t place) const {
  return place == absent ? row.place() : row.place(table_[place].name);
}

}  // namespace rondo
