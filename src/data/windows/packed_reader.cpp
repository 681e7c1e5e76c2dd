#include "data/windows/packed_reader.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Values of a window's columns a step and lane.
std::size_t tokens_of(const Columns& columns) {
  std::size_t words = 0;
  for (const Column& column : columns) {
    if (!column.is_real() && column.axis() == 0)
      words += static_cast<std::size_t>(column.stored_width());
  }
  return words;
}
std::size_t numbers_of(const Columns& columns) {
  std::size_t numbers = 0;
  for (const Column& column : columns) {
    if (column.is_real()) numbers += static_cast<std::size_t>(column.inputs());
  }
  return numbers;
}
// Columns of tokens on the second axis: letters; or what stands before each symbol of a target, and
// the symbols.
std::size_t second_tokens(const Columns& columns) { return letters_among(columns) >= 0 ? 1 : 2; }

}  // namespace

PackedReader::PackedReader(const SequenceSource& sequences, const Columns& columns,
                           const LaneLayout& layout, const PackingShape& shape)
    : sequences_(sequences),
      columns_(columns),
      layout_(layout),
      lanes_(static_cast<int>(layout.last_lane - layout.first_lane)),
      second_(second_among(columns)),
      plan_(make_plan(sequences.lengths(), shape)) {
  const auto longest = static_cast<std::int64_t>(
      std::min(std::ranges::max(sequences.lengths()), plan_->longest_window()));
  int widest = 1, words = 1;
  for (const Column& column : columns) {
    standardizers_.emplace_back(column);
    widest = std::max(widest, column.width);
    words = std::max(words, column.is_real() ? 1 : column.stored_width());
  }
  const std::int64_t second = second_ < 0 ? 0 : std::ranges::max(sequences.second_lengths());
  // Labels are a sequence's, and need no more room than their words.
  tokens_.resize(static_cast<std::size_t>(std::max<std::int64_t>({longest, second, words})));
  if (letters_among(columns) >= 0) letter_counts_.resize(static_cast<std::size_t>(longest));
  numbers_.resize(static_cast<std::size_t>(longest) * static_cast<std::size_t>(widest));
}

std::uint64_t PackedReader::window_bytes(const SequenceSource& sequences, const Columns& columns,
                                         const LaneLayout& layout, const PackingShape& shape) {
  const auto plan = make_plan(sequences.lengths(), shape);
  const auto lanes = static_cast<std::uint64_t>(layout.last_lane - layout.first_lane);
  const auto places = static_cast<std::uint64_t>(plan->longest_window()) * lanes;
  const auto second = static_cast<std::uint64_t>(plan->longest_second_window()) * lanes;
  const std::uint64_t second_bytes =
      second == 0 ? 0
                  : second * (sizeof(std::uint8_t) + sizeof(Owner) +
                              second_tokens(columns) * sizeof(std::int32_t)) +
                        places * sizeof(Span);
  return places *
             (sizeof(std::uint8_t) + sizeof(Owner) + tokens_of(columns) * sizeof(std::int32_t) +
              numbers_of(columns) * sizeof(float)) +
         static_cast<std::uint64_t>(plan->most_sequences()) * sizeof(Span) + second_bytes +
         thinned_axes_bytes(layout.thinning, plan->longest_window(),
                            static_cast<std::size_t>(plan->most_sequences()),
                            static_cast<int>(lanes));
}

void PackedReader::prepare(Window& window) const {
  WindowAxis& axis = window.axes[0];
  const auto rows = static_cast<std::size_t>(axis.times) * static_cast<std::size_t>(lanes_);
  // Room for the longest window, so that a short one that comes first makes no later one allocate.
  const std::size_t most =
      static_cast<std::size_t>(plan_->longest_window()) * static_cast<std::size_t>(lanes_);
  const auto fill = [&](auto& array, std::size_t width, auto value) {
    array.reserve(most * width);
    array.assign(rows * width, value);
  };
  fill(axis.resets, 1, std::uint8_t{1});
  fill(axis.owners, 1, Owner{});
  const auto real_columns =
      static_cast<std::size_t>(std::ranges::count_if(columns_, &Column::is_real));
  axis.tokens.resize(columns_.size() - real_columns - (second_ < 0 ? 0 : 1));
  axis.reals.resize(real_columns);
  std::size_t tokens = 0, reals = 0;
  for (const Column& column : columns_) {
    if (column.axis() == 1) continue;
    if (column.is_real()) {
      fill(axis.reals[reals++], static_cast<std::size_t>(column.inputs()),
           column.is_target() ? std::numeric_limits<float>::quiet_NaN() : 0.0F);
    } else {
      fill(axis.tokens[tokens++], static_cast<std::size_t>(column.stored_width()),
           column.is_target() ? -1 : 0);
    }
  }
  axis.spans.reserve(static_cast<std::size_t>(plan_->most_sequences()));
  axis.spans.clear();
  axis.begins.assign(static_cast<std::size_t>(lanes_) + 1, 0);
  reserve_thinned_axes(layout_.thinning, plan_->longest_window(),
                       static_cast<std::size_t>(plan_->most_sequences()), window);
}

void PackedReader::prepare_second(WindowAxis& axis) const {
  const auto lanes = static_cast<std::size_t>(lanes_);
  const std::size_t rows = static_cast<std::size_t>(axis.times) * lanes;
  const std::size_t most = static_cast<std::size_t>(plan_->longest_second_window()) * lanes;
  const auto fill = [&](auto& array, auto value) {
    array.reserve(most);
    array.assign(rows, value);
  };
  fill(axis.resets, std::uint8_t{1});
  fill(axis.owners, Owner{});
  axis.tokens.resize(second_tokens(columns_));
  for (auto& tokens : axis.tokens) fill(tokens, &tokens == axis.tokens.data() ? 0 : -1);
  axis.spans.reserve(static_cast<std::size_t>(plan_->longest_window()) * lanes);
  axis.spans.clear();
  axis.begins.assign(lanes + 1, 0);
}

void PackedReader::read(std::int64_t index, Window& window) {
  if (index != next_) plan_->seek(index);
  plan_->next(packed_);
  next_ = index + 1;
  window.index = index;
  window.epoch = packed_.epoch;
  window.lanes = lanes_;
  const std::size_t axes = second_ < 0 ? 1 : 2;  // of the data
  window.axes.resize(layout_.thinning.axes(axes));
  WindowAxis& axis = window.axes[0];
  axis.times = packed_.times;
  prepare(window);
  if (second_ >= 0) {
    window.axes[1].times = packed_.second_times;
    prepare_second(window.axes[1]);
  }
  window.covered = 0;
  for (const PlacedSequence& placed : packed_.placed) {
    window.covered += placed.length;
    if (placed.lane < layout_.first_lane || placed.lane >= layout_.last_lane) continue;
    const auto lane = static_cast<std::int32_t>(placed.lane - layout_.first_lane);
    const std::int32_t whole = sequences_.lengths()[static_cast<std::size_t>(placed.sequence)];
    axis.spans.push_back({placed.sequence, lane, placed.first, placed.length, placed.step,
                          placed.step + placed.length == whole});
    ++axis.begins[static_cast<std::size_t>(lane) + 1];
    read_span(axis.spans.back(), placed.fresh, axis);
    if (second_ < 0) continue;
    const bool are_letters = columns_[static_cast<std::size_t>(second_)].has_letters();
    const auto read_second =
        are_letters ? &PackedReader::read_letters : &PackedReader::read_own_steps;
    (this->*read_second)(axis.spans.back(), placed.second_first, placed.second_length,
                         window.axes[1]);
  }
  for (WindowAxis& each : std::span(window.axes).first(axes)) {
    std::partial_sum(each.begins.begin(), each.begins.end(), each.begins.begin());
  }
  add_thinned_axes(layout_.thinning, window);
}

void PackedReader::read_letters(const Span& span, std::int32_t first, std::int32_t count,
                                WindowAxis& axis) {
  const auto sequence = static_cast<std::size_t>(span.sequence);
  const auto counts = std::span(letter_counts_).first(static_cast<std::size_t>(span.length));
  sequences_.read_letters(sequences_.starts()[sequence] + span.step, counts);
  if (std::accumulate(counts.begin(), counts.end(), std::int64_t{0}) != count) {
    throw_input("sequence {} has {} letters, and its steps have others", span.sequence, count);
  }
  const auto letters = std::span(tokens_).first(static_cast<std::size_t>(count));
  sequences_.read(second_, sequences_.second_starts()[sequence], letters);
  const auto row = static_cast<std::size_t>(lanes_);
  std::size_t at = static_cast<std::size_t>(first) * row + static_cast<std::size_t>(span.lane);
  std::int32_t own = 0;  // of the sequence's letters
  for (std::int32_t step = 0; step < span.length; ++step) {
    const std::int32_t length = counts[static_cast<std::size_t>(step)];
    Span word{span.sequence, span.lane, first + own, length, own};
    word.ends = step + 1 == span.length;
    word.parent = span.first + step;
    axis.spans.push_back(word);
    ++axis.begins[static_cast<std::size_t>(span.lane) + 1];
    for (std::int32_t letter = 0; letter < length; ++letter, ++own, at += row) {
      axis.resets[at] = letter == 0 ? 1 : 0;
      axis.owners[at] = {static_cast<std::int32_t>(span.sequence), own};
      axis.tokens[0][at] = letters[static_cast<std::size_t>(own)];
    }
  }
}

void PackedReader::read_own_steps(const Span& span, std::int32_t first, std::int32_t count,
                                  WindowAxis& axis) {
  const auto sequence = static_cast<std::size_t>(span.sequence);
  const auto said = std::span(tokens_).first(static_cast<std::size_t>(count));
  sequences_.read(second_, sequences_.second_starts()[sequence], said);
  if (count > 1 && std::ranges::min(said) < 0) {
    throw_input("sequence {} has a target, and not all of its steps are given", span.sequence);
  }
  axis.spans.push_back({span.sequence, span.lane, first, count});
  ++axis.begins[static_cast<std::size_t>(span.lane) + 1];
  const auto row = static_cast<std::size_t>(lanes_);
  std::size_t at = static_cast<std::size_t>(first) * row + static_cast<std::size_t>(span.lane);
  std::int32_t before = columns_[static_cast<std::size_t>(second_)].vocabulary->end();
  for (std::int32_t step = 0; step < count; ++step, at += row) {
    axis.resets[at] = step == 0 ? 1 : 0;
    axis.owners[at] = {static_cast<std::int32_t>(span.sequence), step};
    axis.tokens[0][at] = before;
    axis.tokens[1][at] = before = said[static_cast<std::size_t>(step)];
  }
}

void PackedReader::read_span(const Span& span, bool fresh, WindowAxis& axis) {
  const auto row = static_cast<std::size_t>(lanes_);
  std::size_t at = static_cast<std::size_t>(span.first) * row + static_cast<std::size_t>(span.lane);
  for (std::int32_t step = 0; step < span.length; ++step, at += row) {
    axis.resets[at] = step == 0 && fresh ? 1 : 0;
    axis.owners[at] = {static_cast<std::int32_t>(span.sequence), span.step + step};
  }
  std::size_t tokens = 0, reals = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].axis() == 1) continue;
    if (columns_[i].is_real()) {
      read_numbers(i, span, axis.reals[reals++]);
    } else {
      read_tokens(i, span, axis.tokens[tokens++]);
    }
  }
}

std::pair<std::int64_t, std::int64_t> PackedReader::rows_of(const Column& column,
                                                            const Span& span) const {
  if (column.scope == ColumnScope::sequence) return {span.sequence, 1};
  return {sequences_.starts()[static_cast<std::size_t>(span.sequence)] + span.step, span.length};
}

template <class Use>
void PackedReader::for_each_place(std::size_t column, const Span& span, const Use& use) const {
  const bool once = columns_[column].scope == ColumnScope::sequence;
  const bool last_alone = once && columns_[column].role == ColumnRole::target;
  if (last_alone && !span.ends) return;
  for (std::int32_t step = last_alone ? span.length - 1 : 0; step < span.length; ++step) {
    const std::size_t at =
        static_cast<std::size_t>(span.first + step) * static_cast<std::size_t>(lanes_) +
        static_cast<std::size_t>(span.lane);
    use(at, once ? 0 : static_cast<std::size_t>(step));
  }
}

void PackedReader::read_tokens(std::size_t column, const Span& span,
                               std::vector<std::int32_t>& values) {
  const auto [first, rows] = rows_of(columns_[column], span);
  const auto width = static_cast<std::size_t>(columns_[column].stored_width());
  const auto read = std::span(tokens_).first(static_cast<std::size_t>(rows) * width);
  sequences_.read(static_cast<int>(column), first, read);
  for_each_place(column, span, [&](std::size_t at, std::size_t row) {
    std::copy_n(read.data() + row * width, width, values.data() + at * width);
  });
}

void PackedReader::read_numbers(std::size_t column, const Span& span, std::vector<float>& values) {
  const auto width = static_cast<std::size_t>(columns_[column].width);
  const auto inputs = static_cast<std::size_t>(columns_[column].inputs());
  const auto [first, rows] = rows_of(columns_[column], span);
  const auto read = std::span(numbers_).first(static_cast<std::size_t>(rows) * width);
  const bool is_training = layout_.shuffle;
  if (is_training) {
    sequences_.read_in_training(static_cast<int>(column), first, packed_.epoch, read, room_);
  } else {
    sequences_.read(static_cast<int>(column), first, read);
  }
  for_each_place(column, span, [&](std::size_t at, std::size_t row) {
    standardizers_[column].apply(read.subspan(row * width, width), values.data() + at * inputs);
  });
}

}  // namespace rondo
