#include "data/checks/check_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "data/checks/sequence_look.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/excerpts.hpp"
#include "rondo/data/sequences.hpp"
#include "rondo/data/splits.hpp"

namespace rondo {
namespace {

// One after another through all splits, each sequence once.
class Checker {
 public:
  Checker(const Columns& columns, bool steps_spell, std::int64_t most)
      : columns_(columns), most_(most) {
    const bool are_series = std::ranges::any_of(columns, &Column::is_series);
    const bool has_classes = std::ranges::any_of(
        columns, [](const Column& column) { return column.is_target() && has_classes_of(column); });
    if (!are_series) {
      in_two_ = add("in_two_splits", "sequences whose inputs stand in an earlier split too");
      contradicting_ =
          add("contradicting", "sequences whose inputs stood before with another target");
    }
    if (steps_spell) {
      empty_ = add("empty_targets", "sequences in which nothing is said");
      too_long_ = add("too_long", "targets that need more steps than their sequences have");
    }
    if (std::ranges::any_of(columns,
                            [](const Column& column) { return unknown_of(column) >= 0; })) {
      unknown_ = add("unknown_symbols", "sequences with symbols that the vocabulary lacks");
    }
    silent_ =
        add("silent", fmt::format("sequences without content: only blanks, missing or unknown "
                                  "symbols, or all steps alike (of one step: {} numbers or more)",
                                  silent_numbers));
    if (has_classes) {
      unseen_ = add("unseen_classes", "sequences with a class or label that train lacks");
    }
    if (std::ranges::any_of(columns, has_moments)) {
      outlying_ = add("outliers", fmt::format("sequences with a number further than {} deviations "
                                              "of train from its mean",
                                              outlying_deviations));
    }
  }

  void check(const std::string& split, const SequenceSource& sequences) {
    for (std::int64_t i = 0; i < sequences.sequences(); ++i) {
      const Here here{split, sequences, i};
      const SequenceLook look = look_at(sequences, columns_, i);
      if (in_two_ >= 0) compare(here, look);
      if (empty_ >= 0 && look.is_given && look.steps_needed == 0) {
        find(empty_, here, fmt::format("{} steps", look.steps));
      }
      if (too_long_ >= 0 && look.steps_needed > look.steps) {
        find(too_long_, here, fmt::format("{} steps, {} needed", look.steps, look.steps_needed));
      }
      if (unknown_ >= 0 && look.unknown > 0) {
        find(unknown_, here, fmt::format("{} in '{}'", look.unknown, look.unknown_column));
      }
      if (look.is_silent) find(silent_, here, look.silence);
      if (unseen_ >= 0) check_classes(here, look);
      if (outlying_ >= 0 && look.deviations > outlying_deviations) {
        find(outlying_, here, look.outlier);
      }
    }
  }

  std::vector<Check> finish() { return std::move(checks_); }

 private:
  struct Here {
    const std::string& split;
    const SequenceSource& sequences;
    std::int64_t sequence = 0;
  };
  // The first sequence that has some inputs, and the first of these whose target is given.
  struct Seen {
    std::string split;
    std::int64_t sequence = 0;
    Sha256Bytes target{};
    bool is_given = false;
    std::string given_split = {};
    std::int64_t given_sequence = 0;
  };

  int add(const char* name, std::string meaning) {
    checks_.push_back({name, std::move(meaning)});
    return static_cast<int>(checks_.size()) - 1;
  }

  void find(int check, const Here& here, const std::string& detail) {
    Check& to = checks_[static_cast<std::size_t>(check)];
    if (++to.count > most_) return;
    std::string text = excerpt(here.sequences, columns_, here.sequence);
    const std::string target = excerpt(here.sequences, columns_, here.sequence, true);
    if (!target.empty()) text += " -> " + target;
    to.first.push_back({here.split, here.sequence, detail, std::move(text)});
  }

  void compare(const Here& here, const SequenceLook& look) {
    const auto [at, is_new] =
        seen_.try_emplace(look.inputs, Seen{here.split, here.sequence, look.target});
    Seen& seen = at->second;
    if (!is_new && seen.split != here.split) {
      find(in_two_, here, fmt::format("as {} {}", seen.split, seen.sequence + 1));
    }
    if (!look.is_given) return;
    if (!seen.is_given) {
      seen.is_given = true;
      seen.target = look.target;
      seen.given_split = here.split;
      seen.given_sequence = here.sequence;
    } else if (seen.target != look.target) {
      find(contradicting_, here,
           fmt::format("as {} {}, which has another target", seen.given_split,
                       seen.given_sequence + 1));
    }
  }

  // The train split comes first.
  void check_classes(const Here& here, const SequenceLook& look) {
    if (here.split == split_names[0]) {
      known_.insert(look.classes.begin(), look.classes.end());
      return;
    }
    if (known_.empty()) return;  // there is no train split
    std::string names;
    for (const auto& [column, symbol] : look.classes) {
      if (known_.contains({column, symbol})) continue;
      names += (names.empty() ? "" : ", ") +
               columns_[column].symbol_name(static_cast<std::size_t>(symbol));
    }
    if (!names.empty()) find(unseen_, here, names);
  }

  const Columns& columns_;
  std::int64_t most_;
  std::vector<Check> checks_;
  int in_two_ = -1, contradicting_ = -1, empty_ = -1, too_long_ = -1, unknown_ = -1, silent_ = -1,
      unseen_ = -1, outlying_ = -1;
  std::map<Sha256Bytes, Seen> seen_;
  std::set<std::pair<std::size_t, std::int32_t>> known_;
};

}  // namespace

CheckedData check_data(const std::shared_ptr<const DatasetReader>& file, const Columns& columns,
                       bool steps_spell, std::int64_t most) {
  Checker checker(columns, steps_spell, most);
  CheckedData data;
  for (const std::string_view name : split_names) {
    const std::string split(name);
    if (!has_sequences(*file, split)) continue;
    const auto sequences = open_sequences(file, columns, split);
    checker.check(split, *sequences);
    data.splits.emplace_back(split, sequences->sequences());
  }
  if (data.splits.empty()) throw_input("{} holds no sequences", file->path().string());
  data.checks = checker.finish();
  return data;
}

}  // namespace rondo
