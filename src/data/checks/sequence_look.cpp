#include "data/checks/sequence_look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

#include "data/checks/check_data.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"
#include "rondo/core/labels.hpp"
#include "rondo/core/spelling.hpp"
#include "rondo/data/excerpts.hpp"

namespace rondo {
namespace {

template <class T>
void add_to(Sha256& hash, std::size_t column, const std::vector<T>& values) {
  const std::array<std::uint64_t, 2> head{column, values.size()};
  hash.update(std::as_bytes(std::span(head)));
  hash.update(std::as_bytes(std::span(values)));
}

bool is_blank(const std::string& name) {
  return name == SymbolVocabulary::missing_name ||
         std::ranges::all_of(name, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
}

// What the columns that are read say of a sequence without content.
class Silence {
 public:
  void add_symbols(const Column& column, const std::vector<std::int32_t>& tokens) {
    if (column.scope != ColumnScope::steps) return;
    any_ = true;
    all_ = all_ && std::ranges::all_of(tokens, [&](std::int32_t token) {
             return token >= 0 && (token == unknown_of(column) ||
                                   is_blank(column.symbol_name(static_cast<std::size_t>(token))));
           });
    how_ = "blanks, missing or unknown symbols alone";
  }

  void add_numbers(const Column& column, const std::vector<double>& values) {
    if (column.scope != ColumnScope::steps) return;
    any_ = true;
    const bool none = std::ranges::all_of(values, [](double x) { return std::isnan(x); });
    if (!none && all_) all_ = are_alike(column, values);
    how_ = none ? "missing values alone" : fmt::format("all steps alike: {:.4g} ...", values[0]);
  }

  bool holds() const { return any_ && all_; }
  const std::string& how() const { return how_; }

 private:
  static bool are_alike(const Column& column, const std::vector<double>& values) {
    const auto width = static_cast<std::ptrdiff_t>(column.width);
    if (std::ssize(values) > width) {
      return std::equal(values.begin() + width, values.end(), values.begin());
    }
    return width >= silent_numbers &&
           std::ranges::all_of(values, [&](double x) { return x == values.front(); });
  }

  bool any_ = false, all_ = true;
  std::string how_;
};

void look_at_symbols(const Column& column, const std::vector<std::int32_t>& tokens,
                     SequenceLook& look) {
  const std::int32_t unknown = unknown_of(column);
  const std::int64_t count = unknown < 0 ? 0 : std::ranges::count(tokens, unknown);
  if (count <= look.unknown) return;
  look.unknown = count;
  look.unknown_column = column.name;
}

void look_at_target(std::size_t number, const Column& column,
                    const std::vector<std::int32_t>& tokens, SequenceLook& look) {
  look.is_given =
      look.is_given || std::ranges::any_of(tokens, [](auto token) { return token >= 0; });
  if (column.has_own_steps() && tokens.front() >= 0) {
    look.steps_needed = steps_to_spell(std::span(tokens).first(tokens.size() - 1));  // without end
  }
  if (!has_classes_of(column) || tokens.front() < 0) return;
  if (column.has_labels()) {
    for (int i = 0; i < column.vocabulary->size(); ++i) {
      if (has_label(tokens.data(), i)) look.classes.emplace_back(number, i);
    }
    return;
  }
  for (const std::int32_t token : tokens) {
    if (token >= 0) look.classes.emplace_back(number, token);
  }
  std::ranges::sort(look.classes);
  // Not ranges::unique(): clang 14 does not compile what GCC's library returns of it.
  look.classes.erase(std::unique(look.classes.begin(), look.classes.end()), look.classes.end());
}

void look_at_numbers(const Column& column, const std::vector<double>& values, SequenceLook& look) {
  if (!has_moments(column)) return;
  const auto width = static_cast<std::size_t>(column.width);
  for (std::size_t at = 0; at < values.size(); ++at) {
    const double deviation = column.deviation[at % width];
    if (std::isnan(values[at]) || deviation <= 0) continue;
    const double off = std::abs(values[at] - column.mean[at % width]) / deviation;
    if (off <= look.deviations) continue;
    look.deviations = off;
    if (off <= outlying_deviations) continue;
    const std::string step = column.scope == ColumnScope::steps && values.size() > width
                                 ? fmt::format(" at step {}", at / width + 1)
                                 : "";
    look.outlier = fmt::format("'{}' is {:.6g}{}, {:.1f} deviations off",
                               column.number_name(at % width), values[at], step, off);
  }
}

}  // namespace

std::int32_t unknown_of(const Column& column) {
  return column.is_real() ? -1 : column.vocabulary->unknown();
}

bool has_classes_of(const Column& column) { return !column.is_real() && !column.has_own_steps(); }

bool has_moments(const Column& column) { return column.is_real() && !column.features; }

SequenceLook look_at(const SequenceSource& sequences, const Columns& columns,
                     std::int64_t sequence) {
  SequenceLook look;
  look.steps = sequences.lengths()[static_cast<std::size_t>(sequence)];
  Sha256 inputs, target;
  Silence silence;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    Sha256& hash = column.is_target() ? target : inputs;
    if (column.is_real()) {
      const std::vector<double> values = numbers_of(sequences, columns, i, sequence);
      add_to(hash, i, values);
      look_at_numbers(column, values, look);
      if (column.is_target()) {
        look.is_given =
            look.is_given || std::ranges::any_of(values, [](double x) { return !std::isnan(x); });
      } else {
        silence.add_numbers(column, values);
      }
      continue;
    }
    const std::vector<std::int32_t> tokens = tokens_of(sequences, columns, i, sequence);
    add_to(hash, i, tokens);
    look_at_symbols(column, tokens, look);
    if (column.is_target()) {
      look_at_target(i, column, tokens, look);
    } else {
      silence.add_symbols(column, tokens);
    }
  }
  look.inputs = inputs.finish();
  look.target = target.finish();
  look.is_silent = silence.holds();
  look.silence = silence.how();
  return look;
}

}  // namespace rondo
