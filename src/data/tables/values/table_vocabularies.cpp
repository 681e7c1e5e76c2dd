#include "data/tables/values/table_vocabularies.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "data/levels/subword_alphabet.hpp"
#include "data/tables/values/cell_values.hpp"
#include "data/vocabularies/subword_vocabulary.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

using Counts = SymbolCounts;
using Symbol = std::pair<std::string, std::int64_t>;

// Classes in the order in which people look for them: numbers by size, else names bytewise.
void sort_classes(std::vector<Symbol>& classes) {
  const bool numbers = std::ranges::all_of(
      classes, [](const Symbol& each) { return number_in(each.first).has_value(); });
  std::stable_sort(classes.begin(), classes.end(), [&](const Symbol& a, const Symbol& b) {
    return is_before(a.first, b.first, numbers);
  });
}

// By count, then bytewise, without words that are too rare.
void sort_new_symbols(const TableOptions& options, const Column& column,
                      std::vector<Symbol>& symbols) {
  if (column.kind == ColumnKind::word) {
    std::erase_if(symbols, [&](const Symbol& each) { return each.second < options.min_count; });
  }
  std::stable_sort(symbols.begin(), symbols.end(),
                   [](const Symbol& a, const Symbol& b) { return a.second > b.second; });
}

// <unk> first, then, where there are own steps, what ends them, then as above.
void sort_symbols(const TableOptions& options, const Column& column, std::vector<Symbol>& symbols) {
  std::vector<Symbol> first{{std::string(SymbolVocabulary::unknown_name), 0}};
  if (column.has_own_steps()) first.emplace_back(SymbolVocabulary::end_name, 0);
  const bool are_words = column.kind == ColumnKind::word;
  std::erase_if(symbols, [&](const Symbol& each) {
    return std::ranges::find(first, each.first, &Symbol::first) != first.end();
  });
  sort_new_symbols(options, column, symbols);
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

// Puts symbols that a column lacks behind its own. Returns how many.
std::int64_t grow(const TableOptions& options, const Counts& found, Column& column) {
  const auto& known = static_cast<const SymbolVocabulary&>(*column.vocabulary);
  std::vector<Symbol> symbols;
  for (const auto& [name, number] : found) {
    if (known.find(name) < 0) symbols.emplace_back(name, number);
  }
  if (column.is_target() && !column.has_own_steps()) {
    sort_classes(symbols);
  } else {
    sort_new_symbols(options, column, symbols);
  }
  std::vector<std::string> names;
  for (std::int32_t i = 0; i < known.size(); ++i) names.push_back(known.name(i));
  for (auto& [name, number] : symbols) names.push_back(std::move(name));
  column.vocabulary = std::make_shared<SymbolVocabulary>(column.kind, std::move(names));
  return static_cast<std::int64_t>(symbols.size());
}

}  // namespace

void count_symbol(std::string_view symbol, Counts& counts) {
  if (symbol.empty()) return;  // not given
  const auto found = counts.find(symbol);
  if (found != counts.end()) {
    ++found->second;
  } else {
    counts.emplace(symbol, 1);
  }
}

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

std::vector<std::int64_t> grow_vocabularies(const TableOptions& options,
                                            const std::vector<Counts>& counts, Columns& columns) {
  std::vector<std::int64_t> grown(columns.size());
  bool may_grow = false;
  const Columns before = columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].is_real() || columns[i].kind == ColumnKind::subword) continue;
    may_grow = true;
    Counts together = counts[i];
    for (std::size_t other = 0; other < columns.size(); ++other) {
      const bool are_pair = before[i].has_own_steps() != before[other].has_own_steps();
      const bool share = are_pair && before[i].is_text() && before[other].is_text() &&
                         same_vocabulary(*before[i].vocabulary, *before[other].vocabulary);
      if (!share) continue;
      for (const auto& [name, number] : counts[other]) together[name] += number;
    }
    grown[i] = grow(options, together, columns[i]);
    const auto& vocabulary = static_cast<const SymbolVocabulary&>(*columns[i].vocabulary);
    for (auto at = static_cast<std::int32_t>(columns[i].counts.size()); at < vocabulary.size();
         ++at) {
      const auto own = counts[i].find(vocabulary.name(at));
      columns[i].counts.push_back(own == counts[i].end() ? 0 : own->second);
    }
  }
  if (!may_grow) {
    throw_input("--grow-vocabulary: the columns of {} are numbers and subwords, which stay",
                options.columns_from.string());
  }
  return grown;
}

}  // namespace rondo
