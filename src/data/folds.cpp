#include "rondo/data/folds.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"

namespace rondo {
namespace {

constexpr std::int64_t most_parts = 1000;

struct Fold {
  std::int64_t part, parts;
};

Fold fold_in(const std::string& what, const std::string& text) {
  const std::size_t cut = text.find('/');
  try {
    const std::int64_t parts =
        parse_integer("", text.substr(std::min(cut, text.size() - 1) + 1), 2, most_parts);
    return {parse_integer("", text.substr(0, cut), 1, parts), parts};
  } catch (const InputError&) {
    throw_input("{} takes K/N, part K of N that there are, N from 2 to {}, not \"{}\"", what,
                most_parts, text);
  }
}

std::string parse_fold(const std::string& what, const std::string& text) {
  if (!text.empty()) static_cast<void>(fold_in(what, text));
  return text;
}

// Of each sequence its class, by which shares are equal; 0 where there is none.
std::vector<std::int32_t> classes_of(const SequenceSource& sequences, const Columns& stored) {
  std::vector<std::int32_t> classes(static_cast<std::size_t>(sequences.sequences()));
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const Column& column = stored[i];
    if (!column.is_target() || column.kind != ColumnKind::category) continue;
    if (column.scope == ColumnScope::sequence) sequences.read(static_cast<int>(i), 0, classes);
  }
  return classes;
}

// The sequences in an order of chance, class by class.
std::vector<std::int64_t> dealt_order(const SequenceSource& sequences, const Columns& stored) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(sequences.sequences()));
  std::iota(order.begin(), order.end(), 0);
  const RandomStream stream(0, Purpose::drawn_folds);
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[stream.below(i, i)]);
  }
  const std::vector<std::int32_t> classes = classes_of(sequences, stored);
  std::ranges::stable_sort(order, {}, [&](std::int64_t sequence) {
    return classes[static_cast<std::size_t>(sequence)];
  });
  return order;
}

}  // namespace

SettingsGroup<FoldSettings> fold_settings() {
  return {.heading = "batch",
          .keys = {keys::member({"fold", KeyKind::fixed,
                                 "cross-validation: hold part K of N of the train split out, train "
                                 "on the others, and validate on it in the place of the validation "
                                 "split"},
                                "K/N", &FoldSettings::fold, parse_fold)}};
}

ChosenSequences::ChosenSequences(std::unique_ptr<SequenceSource> all, const Columns& stored,
                                 std::vector<std::int64_t> chosen)
    : all_(std::move(all)), stored_(stored), chosen_(std::move(chosen)) {
  steps_ = rows_of_chosen(all_->lengths(), all_->starts());
  second_ = rows_of_chosen(all_->second_lengths(), all_->second_starts());
  whole_.sources = chosen_;
  whole_.starts.resize(chosen_.size() + 1);
  std::iota(whole_.starts.begin(), whole_.starts.end(), 0);
}

ChosenSequences::Rows ChosenSequences::rows_of_chosen(std::span<const std::int32_t> lengths,
                                                      std::span<const std::int64_t> starts) const {
  Rows rows;
  if (lengths.empty()) return rows;
  rows.starts.push_back(0);
  for (const std::int64_t sequence : chosen_) {
    const auto at = static_cast<std::size_t>(sequence);
    rows.lengths.push_back(lengths[at]);
    rows.sources.push_back(starts[at]);
    rows.starts.push_back(rows.starts.back() + lengths[at]);
  }
  return rows;
}

const ChosenSequences::Rows& ChosenSequences::rows_of(const Column& column) const {
  if (column.scope == ColumnScope::sequence) return whole_;
  return column.axis() == 1 ? second_ : steps_;
}

template <class Value, class Read>
void ChosenSequences::read_pieces(const Rows& rows, std::int64_t first, std::int64_t width,
                                  std::span<Value> values, const Read& read) {
  const std::int64_t end = first + static_cast<std::int64_t>(values.size()) / width;
  if (first < 0 || end > rows.starts.back()) {
    throw_run("rows [{}, {}) were asked for, there are {}", first, end, rows.starts.back());
  }
  auto sequence = static_cast<std::size_t>(std::ranges::upper_bound(rows.starts, first) -
                                           rows.starts.begin() - 1);
  while (first < end) {
    const std::int64_t source = rows.sources[sequence] + first - rows.starts[sequence];
    std::int64_t until = rows.starts[++sequence];
    while (until < end && rows.sources[sequence] == source + until - first) {
      until = rows.starts[++sequence];
    }
    until = std::min(until, end);
    const auto count = static_cast<std::size_t>((until - first) * width);
    read(source, values.first(count));
    values = values.subspan(count);
    first = until;
  }
}

void ChosenSequences::read_letters(std::int64_t first, std::span<std::int32_t> counts) const {
  read_pieces(steps_, first, 1, counts,
              [&](std::int64_t source, auto piece) { all_->read_letters(source, piece); });
}

void ChosenSequences::read(int column, std::int64_t first, std::span<std::int32_t> values) const {
  const Column& own = stored_[static_cast<std::size_t>(column)];
  read_pieces(rows_of(own), first, own.stored_width(), values,
              [&](std::int64_t source, auto piece) { all_->read(column, source, piece); });
}

void ChosenSequences::read(int column, std::int64_t first, std::span<double> values) const {
  const Column& own = stored_[static_cast<std::size_t>(column)];
  read_pieces(rows_of(own), first, own.width, values,
              [&](std::int64_t source, auto piece) { all_->read(column, source, piece); });
}

std::unique_ptr<SequenceSource> fold_of(std::unique_ptr<SequenceSource> train,
                                        const Columns& stored, const FoldSettings& settings,
                                        bool held_out) {
  const Fold fold = fold_in("--fold", settings.fold);
  if (train->sequences() < fold.parts) {
    throw_input("--fold {}: the train split has {} sequences, fewer than parts", settings.fold,
                train->sequences());
  }
  const std::vector<std::int64_t> order = dealt_order(*train, stored);
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool is_part = static_cast<std::int64_t>(i) % fold.parts == fold.part - 1;
    if (is_part == held_out) chosen.push_back(order[i]);
  }
  std::ranges::sort(chosen);
  return std::make_unique<ChosenSequences>(std::move(train), stored, std::move(chosen));
}

}  // namespace rondo
