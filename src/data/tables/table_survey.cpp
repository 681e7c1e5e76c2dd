#include "data/tables/table_survey.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "data/features/file_features.hpp"
#include "data/tables/spelling_fit.hpp"
#include "data/tables/values/table_vocabularies.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"
#include "rondo/data/splits.hpp"

namespace rondo {
namespace {

// Sequences, or steps, of a class, and those without one; symbols that are unknown. InputError for
// a class that the columns do not know.
void count_symbols(const TableOptions& options, const Column& column, const SequenceValues& values,
                   const SequenceValues::OfColumn& own, std::int64_t& unknown,
                   std::vector<std::int64_t>& classes) {
  const bool has_classes = column.is_target() && !column.has_own_steps();
  for (std::size_t place = 0; place < own.symbols.size(); ++place) {
    const std::string_view symbol = own.symbols[place];
    if (has_classes && symbol.empty()) {
      ++classes.back();
      continue;
    }
    const std::int32_t found = symbol_number(column, symbol);
    if (found < 0) {
      const bool is_row = own.symbols.size() == values.rows.size();
      throw_input("{}: {} is none of the {} {} that {} has",
                  values.rows[is_row ? place : 0].place(column.name), rondo::quoted(symbol),
                  column.vocabulary->size(), column.vocabulary->traits().tokens,
                  options.columns ? options.columns_from.string() : "the train split");
    }
    if (found == column.vocabulary->unknown()) ++unknown;
    if (has_classes) ++classes[static_cast<std::size_t>(found)];
  }
  if (!has_classes || own.is_given) return;
  classes.back() += column.scope == ColumnScope::steps ? values.length : 1;
}

void count_subwords(const SequenceValues::OfColumn& own, Column& column) {
  for (const std::int32_t subword : own.subwords) {
    ++column.counts[static_cast<std::size_t>(subword)];
  }
  if (column.has_own_steps() && own.is_given) {
    ++column.counts[static_cast<std::size_t>(column.vocabulary->end())];
  }
}

// Mean, then deviation, of a column's numbers in the train split; in double, in file order. Those
// that are missing are left out. Of numbers of one unit, as pixels, all have the same.
class Scales {
 public:
  void add_to_sums(const std::vector<double>& numbers, const Column& column) {
    const bool one = column.features && column.features->has_one_scale();
    sums_.resize(one ? 1 : static_cast<std::size_t>(column.width));
    counts_.resize(sums_.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (std::isnan(numbers[i])) continue;
      sums_[i % sums_.size()] += numbers[i];
      ++counts_[i % sums_.size()];
    }
  }
  void finish_mean(Column& column) {
    for (std::size_t i = 0; i < sums_.size(); ++i) column.mean.push_back(mean_of(sums_[i], i));
    for (const double mean : column.mean) {
      if (!std::isfinite(mean)) throw_input("the numbers of '{}' are too large", column.name);
    }
    squares_.resize(sums_.size());
    column.mean.resize(static_cast<std::size_t>(column.width), column.mean[0]);
  }
  void add_to_squares(const std::vector<double>& numbers, const Column& column) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (std::isnan(numbers[i])) continue;
      const double from_mean = numbers[i] - column.mean[i % squares_.size()];
      squares_[i % squares_.size()] += from_mean * from_mean;
    }
  }
  void finish_deviation(Column& column) const {
    for (std::size_t i = 0; i < squares_.size(); ++i) {
      const double deviation = std::sqrt(mean_of(squares_[i], i));
      if (!std::isfinite(deviation)) throw_input("the numbers of '{}' are too large", column.name);
      // Below the smallest normal number the inverse would not be finite.
      column.deviation.push_back(deviation >= std::numeric_limits<double>::min() ? deviation : 1);
    }
    column.deviation.resize(static_cast<std::size_t>(column.width), column.deviation[0]);
  }

  // InputError for a target of the train split that leaves nothing to foretell.
  void check_target(const TableOptions& options, const Column& column) const {
    const bool any = std::ranges::any_of(counts_, [](std::int64_t count) { return count > 0; });
    const bool differ = std::ranges::any_of(squares_, [](double square) { return square > 0; });
    if (any && differ) return;
    throw_input("{}: the train split has {} of the target '{}': there is nothing to foretell",
                options.inputs.empty() ? "the input" : options.inputs[0].string(),
                any ? fmt::format("one number alone, {}, as a value", column.mean[0]) : "no number",
                column.name);
  }

 private:
  // 0 where all are missing.
  double mean_of(double sum, std::size_t number) const {
    return counts_[number] == 0 ? 0 : sum / static_cast<double>(counts_[number]);
  }

  std::vector<double> sums_, squares_;
  std::vector<std::int64_t> counts_;  // of those that are not missing
};

std::int64_t missing_values(const SequenceValues::OfColumn& values) {
  return std::ranges::count_if(values.numbers, [](double value) { return std::isnan(value); }) +
         std::ranges::count(values.symbols, SymbolVocabulary::missing_name);
}

}  // namespace

std::int32_t symbol_number(const Column& column, std::string_view symbol) {
  if (symbol.empty()) return -1;  // not given
  const auto& vocabulary = static_cast<const SymbolVocabulary&>(*column.vocabulary);
  const std::int32_t found = vocabulary.find(symbol);
  return found < 0 ? vocabulary.unknown() : found;
}

void append_numbers(const Column& column, const SequenceValues::OfColumn& values,
                    std::int32_t length, std::vector<std::int32_t>& numbers) {
  if (column.has_labels()) {
    const auto words = static_cast<std::size_t>(column.stored_width());
    numbers.insert(numbers.end(), words, values.is_given ? 0 : -1);
    for (const std::string_view symbol : values.symbols) {
      const std::int32_t label = symbol_number(column, symbol);
      if (label >= 0) set_label(std::span(numbers).last(words), label);
    }
    return;
  }
  if (column.kind == ColumnKind::subword) {
    numbers.insert(numbers.end(), values.subwords.begin(), values.subwords.end());
  } else {
    for (const std::string_view symbol : values.symbols) {
      numbers.push_back(symbol_number(column, symbol));
    }
  }
  if (values.is_given) {
    if (column.has_own_steps()) numbers.push_back(column.vocabulary->end());
    return;
  }
  const std::int32_t rows = column.scope == ColumnScope::steps ? length : 1;
  numbers.insert(numbers.end(), static_cast<std::size_t>(rows), -1);
}

TableSurvey survey_tables(const TableOptions& options, const TableFiles& files,
                          const std::vector<std::uint8_t>& splits, bool known, Columns& columns) {
  const bool learns = !known || options.grow_vocabulary;
  TableSurvey survey;
  std::vector<SymbolCounts> counts(columns.size());
  std::vector<Scales> scales(columns.size());
  const auto check_number = [&](std::size_t number) {
    if (number >= splits.size()) throw_input("the input changed while it was read");
  };
  files.for_each_sequence(columns, known, [&](std::size_t number, const SequenceValues& values) {
    check_number(number);
    survey.hashes.push_back(values.hash_of_inputs(columns));
    if (!learns || splits[number] != 0) return;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      for (const std::string_view symbol : values.columns[i].symbols)
        count_symbol(symbol, counts[i]);
      const bool ends = columns[i].has_own_steps() && values.columns[i].is_given;
      if (ends && columns[i].kind != ColumnKind::subword) {
        count_symbol(SymbolVocabulary::end_name, counts[i]);
      }
      if (columns[i].is_real() && !known) {
        scales[i].add_to_sums(values.columns[i].numbers, columns[i]);
      }
    }
  });
  for (std::size_t i = 0; !known && i < columns.size(); ++i) {
    if (columns[i].is_real()) scales[i].finish_mean(columns[i]);
  }
  if (!known) set_vocabularies(options, counts, columns);
  if (known && learns) survey.grown = grow_vocabularies(options, counts, columns);

  const bool has_second = second_among(columns) >= 0;
  survey.unknown.assign(split_names.size(), std::vector<std::int64_t>(columns.size()));
  survey.missing = survey.unknown;
  survey.too_long.resize(split_names.size());
  survey.classes.assign(split_names.size(), std::vector<std::vector<std::int64_t>>(columns.size()));
  for (auto& split : survey.classes) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!columns[i].is_target() || columns[i].is_real() || columns[i].has_own_steps()) continue;
      split[i].resize(static_cast<std::size_t>(columns[i].vocabulary->size()) + 1);
    }
  }
  files.for_each_sequence(columns, known, [&](std::size_t number, const SequenceValues& values) {
    check_number(number);
    const std::uint8_t split = splits[number];
    survey.lengths.push_back(values.length);
    if (has_second) survey.second_lengths.push_back(values.second_length);
    if (options.says_spellings()) note_fit(columns, values, survey.too_long[split]);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const SequenceValues::OfColumn& own = values.columns[i];
      survey.missing[split][i] += missing_values(own);
      if (columns[i].is_real()) {
        if (!known && split == 0) scales[i].add_to_squares(own.numbers, columns[i]);
      } else if (columns[i].kind == ColumnKind::subword) {
        if (!known && split == 0) count_subwords(own, columns[i]);
      } else {
        count_symbols(options, columns[i], values, own, survey.unknown[split][i],
                      survey.classes[split][i]);
      }
    }
  });
  for (std::size_t i = 0; !known && i < columns.size(); ++i) {
    if (!columns[i].is_real()) continue;
    scales[i].finish_deviation(columns[i]);
    if (columns[i].is_target()) scales[i].check_target(options, columns[i]);
  }
  return survey;
}

}  // namespace rondo
