#include "data/tables/table_survey.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "data/features/file_features.hpp"
#include "data/levels/subword_alphabet.hpp"
#include "data/tables/cell_values.hpp"
#include "data/tables/spelling_fit.hpp"
#include "data/vocabularies/subword_vocabulary.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"
#include "rondo/data/splits.hpp"

namespace rondo {
namespace {

using Counts = std::map<std::string, std::int64_t, std::less<>>;
using Symbol = std::pair<std::string, std::int64_t>;

void count(std::string_view symbol, Counts& counts) {
  if (symbol.empty()) return;  // not given
  const auto found = counts.find(symbol);
  if (found != counts.end()) {
    ++found->second;
  } else {
    counts.emplace(symbol, 1);
  }
}

// Classes in the order in which people look for them: numbers by size, else names bytewise.
void sort_classes(std::vector<Symbol>& classes) {
  const bool numbers = std::ranges::all_of(
      classes, [](const Symbol& each) { return number_in(each.first).has_value(); });
  std::stable_sort(classes.begin(), classes.end(), [&](const Symbol& a, const Symbol& b) {
    return is_before(a.first, b.first, numbers);
  });
}

// <unk> first, then, where there are own steps, what ends them, then by count, then bytewise.
void sort_symbols(const TableOptions& options, const Column& column, std::vector<Symbol>& symbols) {
  std::vector<Symbol> first{{std::string(SymbolVocabulary::unknown_name), 0}};
  if (column.has_own_steps()) first.emplace_back(SymbolVocabulary::end_name, 0);
  const bool are_words = column.kind == ColumnKind::word;
  std::erase_if(symbols, [&](const Symbol& each) {
    return std::ranges::find(first, each.first, &Symbol::first) != first.end() ||
           (are_words && each.second < options.min_count);
  });
  std::stable_sort(symbols.begin(), symbols.end(),
                   [](const Symbol& a, const Symbol& b) { return a.second > b.second; });
  if (are_words && options.vocabulary_size) {
    const auto most = static_cast<std::size_t>(*options.vocabulary_size) - first.size();
    symbols.resize(std::min(symbols.size(), most));
  }
  symbols.insert(symbols.begin(), first.begin(), first.end());
}

// Of a target that is a class, or labels.
void check_classes(const TableOptions& options, const std::vector<Symbol>& symbols,
                   const Column& column) {
  if (column.has_labels() && symbols.empty()) {
    throw_input("target '{}': no sequence of the train split has a label", column.name);
  }
  if (column.has_labels() || symbols.size() >= 2) return;
  throw_input(
      "{}: all {} of the train split are of one class of the target '{}', {}: there is nothing "
      "to tell apart",
      options.inputs.empty() ? "the input" : options.inputs[0].string(),
      column.scope == ColumnScope::steps ? "steps" : "sequences", column.name,
      symbols.empty() ? "none" : rondo::quoted(symbols[0].first));
}

std::shared_ptr<const Vocabulary> learn_subwords(const TableOptions& options, const Counts& counts,
                                                 bool with_end) {
  const std::string kind = options.subword_model.value_or("bpe");
  const std::int64_t size = options.vocabulary_size.value_or(usual_subwords);
  check_subwords(kind, size);
  const int pieces = static_cast<int>(size) - (with_end ? 1 : 0);
  return std::make_shared<SubwordVocabulary>(SubwordModel(
      SubwordModel::train(kind, static_cast<int>(size), to_learn_from(counts, pieces), with_end)));
}

// `column`: its kind, and whether symbols need one that ends them; of `counts` symbols or chunks.
std::shared_ptr<const Vocabulary> make_vocabulary(const TableOptions& options, const Counts& counts,
                                                  const Column& column) {
  if (column.has_own_steps() && counts.empty()) {
    throw_input("target '{}': no sequence of the train split has one", column.name);
  }
  if (column.kind == ColumnKind::subword) {
    return learn_subwords(options, counts, column.has_own_steps());
  }
  std::vector<Symbol> symbols(counts.begin(), counts.end());
  if (column.is_target() && !column.has_own_steps()) {
    sort_classes(symbols);
    check_classes(options, symbols, column);
  } else {
    sort_symbols(options, column, symbols);
  }
  if (symbols.size() > std::size_t{std::numeric_limits<std::int32_t>::max()}) {
    throw_input("'{}' has {} symbols, which are too many", column.name, symbols.size());
  }
  std::vector<std::string> names;
  for (auto& [name, number] : symbols) names.push_back(std::move(name));
  return std::make_shared<SymbolVocabulary>(column.kind, std::move(names));
}

// Vocabularies of all columns but those of numbers; of a source of text and a target with own steps
// the same where they share it.
void set_vocabularies(const TableOptions& options, const std::vector<Counts>& counts,
                      Columns& columns) {
  const auto said = std::ranges::find_if(columns, &Column::has_own_steps);
  const auto read = std::ranges::find_if(columns, [](const Column& column) {
    return column.role == ColumnRole::source && column.is_text();
  });
  const bool shares = options.shared_vocabulary && read != columns.end() && said != columns.end();
  if (shares) {
    Counts both = counts[static_cast<std::size_t>(said - columns.begin())];
    for (const auto& [name, number] : counts[static_cast<std::size_t>(read - columns.begin())]) {
      both[name] += number;
    }
    read->vocabulary = said->vocabulary = make_vocabulary(options, both, *said);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].is_real()) continue;
    if (!columns[i].vocabulary) {
      columns[i].vocabulary = make_vocabulary(options, counts[i], columns[i]);
    }
    columns[i].counts.assign(static_cast<std::size_t>(columns[i].vocabulary->size()), 0);
    if (columns[i].kind == ColumnKind::subword) continue;  // counted when they can be cut
    const auto& vocabulary = static_cast<const SymbolVocabulary&>(*columns[i].vocabulary);
    const bool has_classes = columns[i].is_target() && !columns[i].has_own_steps();
    for (const auto& [name, number] : counts[i]) {
      const std::int32_t symbol = vocabulary.find(name);
      if (symbol < 0 || (symbol == vocabulary.unknown() && !has_classes)) continue;
      columns[i].counts[static_cast<std::size_t>(symbol)] = number;
    }
  }
}

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
  TableSurvey survey;
  std::vector<Counts> counts(columns.size());
  std::vector<Scales> scales(columns.size());
  const auto check_number = [&](std::size_t number) {
    if (number >= splits.size()) throw_input("the input changed while it was read");
  };
  files.for_each_sequence(columns, known, [&](std::size_t number, const SequenceValues& values) {
    check_number(number);
    survey.hashes.push_back(values.hash_of_inputs(columns));
    if (known || splits[number] != 0) return;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      for (const std::string_view symbol : values.columns[i].symbols) count(symbol, counts[i]);
      const bool ends = columns[i].has_own_steps() && values.columns[i].is_given;
      if (ends && columns[i].kind != ColumnKind::subword) {
        count(SymbolVocabulary::end_name, counts[i]);
      }
      if (columns[i].is_real()) scales[i].add_to_sums(values.columns[i].numbers, columns[i]);
    }
  });
  for (std::size_t i = 0; !known && i < columns.size(); ++i) {
    if (columns[i].is_real()) scales[i].finish_mean(columns[i]);
  }
  if (!known) set_vocabularies(options, counts, columns);

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
