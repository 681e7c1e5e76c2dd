#include "rondo/data/stacked_sequences.hpp"

#include <algorithm>
#include <utility>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

bool is_stacked(const Column& column) {
  return !column.is_target() && column.is_real() && column.scope == ColumnScope::steps;
}

}  // namespace

Columns stacked_columns(const Columns& stored, std::int64_t frames) {
  Columns columns = stored;
  if (frames == 1) return columns;
  for (Column& column : columns) {
    if (!column.is_target() && !column.is_real() && column.scope != ColumnScope::sequence) {
      throw_input(
          "--stack-frames {} puts the numbers of several steps side by side, and '{}' has a symbol "
          "at each step: leave it out",
          frames, column.name);
    }
    if (!is_stacked(column)) continue;
    const std::vector<double> mean = column.mean, deviation = column.deviation;
    for (std::int64_t i = 1; i < frames; ++i) {
      column.mean.insert(column.mean.end(), mean.begin(), mean.end());
      column.deviation.insert(column.deviation.end(), deviation.begin(), deviation.end());
    }
    column.width *= static_cast<int>(frames);
  }
  return columns;
}

StackedSequences::StackedSequences(std::unique_ptr<SequenceSource> sequences, const Columns& stored,
                                   std::int64_t frames)
    : frames_(std::move(sequences)), stored_(stored), together_(frames) {
  for (const std::int32_t length : frames_->lengths()) {
    lengths_.push_back(static_cast<std::int32_t>((length + frames - 1) / frames));
    starts_.push_back(starts_.back() + lengths_.back());
  }
}

void StackedSequences::read(int number, std::int64_t first, std::span<double> values) const {
  stack(number, first, values, [&](std::int64_t frame, std::span<double> numbers) {
    frames_->read(number, frame, numbers);
  });
}

void StackedSequences::read_in_training(int number, std::int64_t first, std::int64_t epoch,
                                        std::span<double> values, std::vector<double>& room) const {
  stack(number, first, values, [&](std::int64_t frame, std::span<double> numbers) {
    frames_->read_in_training(number, frame, epoch, numbers, room);
  });
}

// Sequence by sequence: a sequence's steps lie end to end there as here.
template <class ReadFrames>
void StackedSequences::stack(int number, std::int64_t first, std::span<double> values,
                             const ReadFrames& read_frames) const {
  const Column& column = stored_[static_cast<std::size_t>(number)];
  if (!is_stacked(column)) return read_frames(first, values);
  const auto width = static_cast<std::size_t>(column.width);
  const std::size_t step = width * static_cast<std::size_t>(together_);
  auto sequence =
      static_cast<std::size_t>(std::ranges::upper_bound(starts_, first) - starts_.begin() - 1);
  while (!values.empty()) {
    const std::int64_t from = first - starts_[sequence];
    const std::int64_t steps = std::min<std::int64_t>(
        lengths_[sequence] - from, static_cast<std::int64_t>(values.size() / step));
    const std::int64_t frame = from * together_;
    const std::int64_t frames =
        std::min<std::int64_t>(steps * together_, frames_->lengths()[sequence] - frame);
    const std::span<double> own = values.first(static_cast<std::size_t>(steps) * step);
    const std::size_t given = static_cast<std::size_t>(frames) * width;
    read_frames(frames_->starts()[sequence] + frame, own.first(given));
    for (std::size_t i = given; i < own.size(); ++i) own[i] = column.mean[i % width];
    values = values.subspan(own.size());
    first += steps;
    ++sequence;
  }
}

}  // namespace rondo
