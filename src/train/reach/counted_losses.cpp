#include "train/reach/counted_losses.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rondo/core/labels.hpp"
#include "rondo/data/stream_windows.hpp"

namespace rondo {
namespace {

bool is_given(const WindowAxis& axis, const TargetColumn& targets, std::size_t row) {
  const auto column = static_cast<std::size_t>(targets.column);
  const auto width = static_cast<std::size_t>(targets.width);
  if (!targets.reals) return axis.tokens[column][row * width] >= 0;
  const float* const values = axis.reals[column].data() + row * width;
  return std::any_of(values, values + width, [](float value) { return !std::isnan(value); });
}

// What each lane has of its last sequence: from the last reset on.
std::vector<Span> spans_of_stream(const Window& window) {
  const WindowAxis& axis = window.axes[0];
  std::vector<Span> spans;
  for (std::int32_t lane = 0; lane < window.lanes; ++lane) {
    Span span;
    span.lane = lane;
    span.length = axis.times;
    spans.push_back(span);
  }
  return spans;
}

}  // namespace

TargetColumn TargetColumn::of(const Task& task, const Columns& columns) {
  const auto targets = task.sequence_targets(columns);
  if (!targets) return {false, stream_targets, 1, true};
  if (targets->numbers > 0) return {true, targets->column, targets->numbers, targets->per_step};
  const int words = targets->labels > 0 ? words_of_labels(targets->labels) : 1;
  return {false, targets->column, words, targets->per_step};
}

std::vector<CountedLoss> counted_losses(const Window& window, const TargetColumn& targets,
                                        LossEnd end) {
  const WindowAxis& axis = window.axes[0];
  const auto row = [&](std::int32_t t, std::int32_t lane) {
    return static_cast<std::size_t>(t) * static_cast<std::size_t>(window.lanes) +
           static_cast<std::size_t>(lane);
  };
  std::vector<CountedLoss> losses;
  for (const Span& span : axis.begins.empty() ? spans_of_stream(window) : axis.spans) {
    const std::int32_t step = end == LossEnd::last ? -1 : 1;
    std::int32_t t = end == LossEnd::last ? span.last() : span.first;
    while (t >= span.first && t <= span.last() && !is_given(axis, targets, row(t, span.lane))) {
      t += step;
    }
    if (t < span.first || t > span.last()) continue;
    // In a stream the loss's own sequence begins at the last reset.
    std::int32_t first = t;
    while (first > span.first && axis.resets[row(first, span.lane)] == 0) --first;
    losses.push_back({span.lane, t, first, span.last(), axis.resets[row(first, span.lane)] == 0});
  }
  return losses;
}

void keep_targets(const Window& all, const TargetColumn& targets,
                  const std::vector<CountedLoss>& losses, Window& window) {
  const auto column = static_cast<std::size_t>(targets.column);
  const auto width = static_cast<std::ptrdiff_t>(targets.width);
  const auto keep = [&](const auto& from, auto& to, auto masked) {
    std::ranges::fill(to, masked);
    for (const CountedLoss& loss : losses) {
      const std::ptrdiff_t row =
          (static_cast<std::ptrdiff_t>(loss.t) * all.lanes + loss.lane) * width;
      std::copy_n(from.begin() + row, width, to.begin() + row);
    }
  };
  if (targets.reals) {
    keep(all.axes[0].reals[column], window.axes[0].reals[column],
         std::numeric_limits<float>::quiet_NaN());
  } else {
    keep(all.axes[0].tokens[column], window.axes[0].tokens[column], std::int32_t{-1});
  }
}

}  // namespace rondo
