#include "rondo/data/excerpts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/labels.hpp"

namespace rondo {
namespace {

constexpr std::size_t most_symbols = 60, most_words = 12, most_numbers = 6;

std::string in_one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string labels_in(const Column& column, const std::vector<std::int32_t>& words) {
  std::string names;
  for (int i = 0; i < column.vocabulary->size(); ++i) {
    if (!has_label(words.data(), i)) continue;
    names += (names.empty() ? "" : ";") + column.symbol_name(static_cast<std::size_t>(i));
  }
  return names;
}

std::string symbols_in(const Column& column, std::vector<std::int32_t> tokens) {
  const auto is_absent = [](std::int32_t token) { return token < 0; };
  if (std::ranges::all_of(tokens, is_absent)) return "(not given)";
  if (column.has_own_steps()) tokens.pop_back();  // the end
  const bool are_characters = column.kind == ColumnKind::character;
  const std::size_t most = are_characters ? most_symbols : most_words;
  const std::string end = tokens.size() > most ? "..." : "";
  tokens.resize(std::min(tokens.size(), most));
  if (column.is_text() && std::ranges::none_of(tokens, is_absent)) {
    const std::string text = column.vocabulary->decode(tokens);
    return (text.starts_with(' ') && !are_characters ? text.substr(1) : text) + end;
  }
  std::string names;
  for (const std::int32_t token : tokens) {
    names += names.empty() ? "" : " ";
    names += token < 0 ? "-" : column.symbol_name(static_cast<std::size_t>(token));
  }
  return names + end;
}

std::string numbers_in(std::span<const double> numbers) {
  std::string text;
  for (std::size_t i = 0; i < std::min(numbers.size(), most_numbers); ++i) {
    text += (i > 0 ? " " : "") + (std::isnan(numbers[i]) ? "-" : fmt::format("{:.4g}", numbers[i]));
  }
  return text + (numbers.size() > most_numbers ? " ..." : "");
}

std::string column_excerpt(const SequenceSource& sequences, const Columns& columns,
                           std::size_t number, std::int64_t sequence) {
  const Column& column = columns[number];
  if (column.is_real()) return numbers_in(numbers_of(sequences, columns, number, sequence));
  const std::vector<std::int32_t> tokens = tokens_of(sequences, columns, number, sequence);
  if (!column.has_labels()) return symbols_in(column, tokens);
  return tokens.front() < 0 ? "(not given)" : labels_in(column, tokens);
}

}  // namespace

RowsOfSequence rows_of(const SequenceSource& sequences, const Column& column,
                       std::int64_t sequence) {
  if (column.scope == ColumnScope::sequence) return {sequence, 1};
  const auto starts = column.axis() == 1 ? sequences.second_starts() : sequences.starts();
  const auto at = static_cast<std::size_t>(sequence);
  return {starts[at], starts[at + 1] - starts[at]};
}

std::vector<std::int32_t> tokens_of(const SequenceSource& sequences, const Columns& columns,
                                    std::size_t column, std::int64_t sequence) {
  const RowsOfSequence rows = rows_of(sequences, columns[column], sequence);
  std::vector<std::int32_t> values(
      static_cast<std::size_t>(rows.count * columns[column].stored_width()));
  sequences.read(static_cast<int>(column), rows.first, values);
  return values;
}

std::vector<double> numbers_of(const SequenceSource& sequences, const Columns& columns,
                               std::size_t column, std::int64_t sequence) {
  const RowsOfSequence rows = rows_of(sequences, columns[column], sequence);
  std::vector<double> values(static_cast<std::size_t>(rows.count * columns[column].width));
  sequences.read(static_cast<int>(column), rows.first, values);
  return values;
}

std::string excerpt(const SequenceSource& sequences, const Columns& columns, std::int64_t sequence,
                    bool of_target) {
  const auto is_shown = [&](const Column& column) {
    return column.is_target() == of_target && !column.has_letters();
  };
  const bool several = std::ranges::count_if(columns, is_shown) > 1;
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!is_shown(columns[i])) continue;
    text += text.empty() ? "" : ", ";
    if (several) text += columns[i].name + " ";
    text += column_excerpt(sequences, columns, i, sequence);
  }
  return in_one_line(text);
}

}  // namespace rondo
