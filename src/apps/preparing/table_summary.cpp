#include "apps/preparing/table_summary.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "data/features/file_features.hpp"
#include "data/tables/values/cell_values.hpp"
#include "data/vocabularies/symbol_vocabulary.hpp"

namespace rondo::apps {
namespace {

constexpr int bars = 8;
constexpr int bar_width = 40;
constexpr int most_lines = 20;  // of classes, of scales

// Whether what is read has the same symbols as `said`.
bool shares_vocabulary(const Columns& columns, const Column& said) {
  return std::ranges::any_of(columns, [&](const Column& column) {
    return &column != &said && column.vocabulary == said.vocabulary;
  });
}

std::string columns_text(const TableSummary& summary) {
  std::string text = "columns:\n";
  for (std::size_t i = 0; i < summary.columns.size(); ++i) {
    const Column& column = summary.columns[i];
    std::string what =
        column.is_real()
            ? fmt::format("{} number{} a {}", column.width, column.width == 1 ? "" : "s",
                          column.scope == ColumnScope::steps ? "step" : "sequence")
            : fmt::format("{} {}", column.vocabulary->size(), column.vocabulary->traits().tokens);
    if (column.features) what += ": " + column.features->describe();
    if (column.is_series && column.group.empty()) what += ", the table being one series";
    if (column.has_letters()) what += ", the letters of each step's word";
    if (column.has_own_steps()) what += ", steps of its own";
    if (column.has_own_steps() && shares_vocabulary(summary.columns, column)) {
      what += ", the vocabulary shared with what is read";
    }
    if (!column.group.empty()) what += fmt::format(", by the rows of one {}", column.group);
    if (!column.time.empty()) what += fmt::format(" in the order of {}", column.time);
    text += fmt::format("  {:<8}{:<20} {:<5} {}{}\n", name_of(column.role), column.name,
                        column.kind_in_table(), what, summary.guessed[i] ? " (kind guessed)" : "");
  }
  return text;
}

std::string splits_text(const TableSummary& summary) {
  const bool are_series = summary.columns[0].is_series;
  const bool has_own = !summary.target_lengths.empty();
  const auto own = [&](const std::string& value) {
    return has_own ? fmt::format("{:>14}", value) : std::string();
  };
  std::string text = are_series ? fmt::format("{:<12}{:>12}{:>14}{:>16}\n", "split", "series",
                                              "rows", "before them")
                                : fmt::format("{:<12}{:>12}{:>14}{}{:>16}\n", "split", "sequences",
                                              "steps", own("target steps"), "also in train");
  for (const TableSplit& split : summary.splits) {
    if (are_series) {
      text += fmt::format("{:<12}{:>12}{:>14}{:>16}\n", split.name, split.sequences,
                          split.steps - split.context, split.context);
      continue;
    }
    text += fmt::format("{:<12}{:>12}{:>14}{}{:>16}\n", split.name, split.sequences, split.steps,
                        own(std::to_string(split.target_steps)),
                        split.name == "train" ? "" : std::to_string(split.also_in_train));
  }
  return text;
}

// Bars of equal ranges of lengths; one line where all are alike.
std::string lengths_text(const std::string& what, const std::vector<std::int32_t>& lengths) {
  const std::int32_t shortest = lengths.front(), longest = lengths.back();
  if (shortest == longest) {
    return fmt::format("{}: all {} step{}\n", what, longest, longest == 1 ? "" : "s");
  }
  std::string text = fmt::format("{}: {} to {} steps, the middle one {}\n", what, shortest, longest,
                                 lengths[lengths.size() / 2]);
  const std::int64_t range = (std::int64_t{longest} - shortest + bars) / bars;
  std::vector<std::int64_t> counts;
  for (const std::int32_t length : lengths) {
    counts.resize(static_cast<std::size_t>((length - shortest) / range + 1));
    ++counts.back();
  }
  const std::int64_t most = *std::max_element(counts.begin(), counts.end());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::int64_t begin = shortest + static_cast<std::int64_t>(i) * range;
    const std::int64_t end = std::min<std::int64_t>(begin + range - 1, longest);
    const auto bar = static_cast<std::size_t>((counts[i] * bar_width + most - 1) / most);
    const std::string place =
        begin == end ? std::to_string(begin) : fmt::format("{}-{}", begin, end);
    text += fmt::format("  {:>13} {:>10} {}\n", place, counts[i], std::string(bar, '#'));
  }
  return text;
}

std::string lengths_text(const TableSummary& summary) {
  if (!summary.target_lengths.empty()) {
    return lengths_text("lengths", summary.lengths) +
           lengths_text("lengths of what is said, but for its end", summary.target_lengths);
  }
  if (summary.lengths.back() == 1) {
    return "lengths: all 1 step: a plain network, one to one\n";
  }
  return lengths_text("lengths", summary.lengths);
}

std::string classes_text(const TableSummary& summary, std::size_t number) {
  const Column& column = summary.columns[number];
  const auto& vocabulary = static_cast<const SymbolVocabulary&>(*column.vocabulary);
  std::string text = fmt::format("{} of {}:\n  {:<24}", vocabulary.traits().tokens, column.name,
                                 column.has_labels() ? "label" : "class");
  for (const TableSplit& split : summary.splits) text += fmt::format("{:>12}", split.name);
  text += '\n';
  const auto line = [&](const std::string& name, std::size_t place) {
    text += fmt::format("  {:<24}", name);
    for (const TableSplit& split : summary.splits) {
      text += fmt::format("{:>12}", split.classes[number][place]);
    }
    text += '\n';
  };
  const int shown = vocabulary.size() > most_lines ? most_lines - 1 : vocabulary.size();
  for (int i = 0; i < shown; ++i) line(vocabulary.name(i), static_cast<std::size_t>(i));
  if (shown < vocabulary.size()) {
    text +=
        fmt::format("  and {} more {}\n", vocabulary.size() - shown, vocabulary.traits().tokens);
  }
  const auto none = static_cast<std::size_t>(vocabulary.size());
  const bool any_absent = std::ranges::any_of(
      summary.splits, [&](const TableSplit& split) { return split.classes[number][none] > 0; });
  if (any_absent) line("(none given)", none);
  return text;
}

std::string scales_text(const Column& column) {
  if (column.features && column.features->has_one_scale()) {
    return fmt::format("scale of {} in the train split: mean {:.6g}, deviation {:.6g}\n",
                       column.name, column.mean[0], column.deviation[0]);
  }
  std::string text = fmt::format("scales of {} in the train split:\n  {:>16}{:>16}\n", column.name,
                                 "mean", "deviation");
  const int shown = column.width > most_lines ? most_lines - 1 : column.width;
  for (int i = 0; i < shown; ++i) {
    const auto at = static_cast<std::size_t>(i);
    text += fmt::format("  {:>16.6g}{:>16.6g}{}\n", column.mean[at], column.deviation[at],
                        column.is_target() ? "  " + column.number_name(at) : "");
  }
  if (shown < column.width) text += fmt::format("  and {} more\n", column.width - shown);
  return text;
}

// Of a target whose many classes are numbers: it may have been meant to be foretold as one.
std::string numbers_text(const Column& target) {
  const auto classes = static_cast<std::size_t>(target.vocabulary->size());
  if (classes <= most_lines) return {};
  for (std::size_t i = 0; i < classes; ++i) {
    if (!number_in(target.symbol_name(i))) return {};
  }
  return fmt::format(
      "warning: the {} classes of {} are numbers, and each is a class of its own: --task "
      "regress foretells numbers\n",
      classes, target.name);
}

std::string unknown_text(const TableSummary& summary) {
  std::string text;
  for (std::size_t i = 0; i < summary.columns.size(); ++i) {
    for (const TableSplit& split : summary.splits) {
      if (split.unknown[i] == 0) continue;
      text += fmt::format("unknown: {} symbols of {} in {} are not in the vocabulary: <unk>\n",
                          split.unknown[i], summary.columns[i].name, split.name);
    }
  }
  return text;
}

std::string grown_text(const TableSummary& summary) {
  std::string text;
  for (std::size_t i = 0; i < summary.grown.size(); ++i) {
    const Column& column = summary.columns[i];
    if (column.is_real() || column.kind == ColumnKind::subword) continue;
    text += fmt::format("new: {} {} of {}\n", summary.grown[i], column.vocabulary->traits().tokens,
                        column.name);
  }
  return text;
}

std::string missing_text(const TableSummary& summary) {
  std::string text;
  for (std::size_t i = 0; i < summary.columns.size(); ++i) {
    if (!summary.columns[i].masks_missing) continue;
    for (const TableSplit& split : summary.splits) {
      if (split.missing[i] == 0) continue;
      text += fmt::format("missing: {} values of {} in {} are masked\n", split.missing[i],
                          summary.columns[i].name, split.name);
    }
  }
  return text;
}

// A table without names of columns, whose first row was taken for them. Columns that are only
// numbered (1,2,3...) are named so.
std::string names_text(const TableSummary& summary) {
  if (!summary.names_in_first_line) return {};
  std::string first;
  std::optional<double> last;
  bool numbered = true;
  for (const Column& column : summary.columns) {
    for (const std::string& name : column.table_columns()) {
      const std::optional<double> number = number_in(name);
      if (!number) continue;
      if (first.empty()) first = name;
      if (last && *number != *last + 1) numbered = false;
      last = number;
    }
  }
  if (numbered) return {};
  return fmt::format(
      "warning: the first line was taken for the columns' names, one of which is {}; if it is a "
      "row, --no-header reads it as one\n",
      first);
}

}  // namespace

std::string to_text(const TableSummary& summary, const std::string& output) {
  std::string text = fmt::format("{}: {} file{}, {} {}\n", output, summary.files,
                                 summary.files == 1 ? "" : "s", summary.lengths.size(),
                                 summary.columns[0].is_series ? "parts of series" : "sequences");
  text += columns_text(summary) + splits_text(summary);
  if (!summary.columns[0].is_series) text += lengths_text(summary);
  for (std::size_t i = 0; i < summary.columns.size(); ++i) {
    if (summary.columns[i].is_real()) {
      text += scales_text(summary.columns[i]);
    } else if (summary.columns[i].is_target() && !summary.columns[i].has_own_steps()) {
      text += classes_text(summary, i) + numbers_text(summary.columns[i]);
    }
  }
  text += grown_text(summary) + unknown_text(summary) + missing_text(summary) + names_text(summary);
  for (const TableSplit& split : summary.splits) {
    if (split.also_in_train == 0) continue;
    text +=
        fmt::format("warning: {} of the {} sequences in {} are read by the network in train too\n",
                    split.also_in_train, split.sequences, split.name);
  }
  for (const TableSplit& split : summary.splits) {
    if (split.too_long.count == 0) continue;
    text += fmt::format(
        "warning: {} of the {} targets in {} need more steps than their sequences have, and teach "
        "nothing: {}{}\n",
        split.too_long.count, split.sequences, split.name, fmt::join(split.too_long.places, "; "),
        split.too_long.count > std::ssize(split.too_long.places) ? "; ..." : "");
  }
  if (summary.gathered) text += "rows of one sequence do not stand together: gathered in memory\n";
  return text;
}

}  // namespace rondo::apps
