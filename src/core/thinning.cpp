#include "rondo/core/thinning.hpp"

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

void thin(const WindowAxis& from, int lanes, int factor, WindowAxis& to) {
  const auto left_of = [factor](std::int32_t steps) { return (steps + factor - 1) / factor; };
  to.times = left_of(from.times);
  const auto row = static_cast<std::size_t>(lanes);
  const std::size_t rows = static_cast<std::size_t>(to.times) * row;
  to.resets.assign(rows, 1);
  to.owners.assign(rows, Owner{});
  to.begins.assign(from.begins.begin(), from.begins.end());
  to.spans.clear();
  for (Span span : from.spans) {
    if (span.first % factor != 0) {
      throw_run("sequence {} lies at step {} of its lane, and {} steps are to become one",
                span.sequence, span.first, factor);
    }
    span.first /= factor;
    span.length = left_of(span.length);
    to.spans.push_back(span);
    std::size_t at =
        static_cast<std::size_t>(span.first) * row + static_cast<std::size_t>(span.lane);
    for (std::int32_t step = 0; step < span.length; ++step, at += row) {
      to.resets[at] = step == 0 ? 1 : 0;
      to.owners[at] = {static_cast<std::int32_t>(span.sequence), step};
    }
  }
}

std::size_t axis_after(int level) {
  return static_cast<std::size_t>(first_thinned_axis + level - 1);
}

}  // namespace

void add_thinned_axes(const Thinning& thinning, Window& window) {
  window.axes.resize(thinning.axes(window.axes.size()));
  for (int level = 1; level <= thinning.levels; ++level) {
    const std::size_t before = level == 1 ? 0 : axis_after(level - 1);
    thin(window.axes[before], window.lanes, thinning.factor, window.axes[axis_after(level)]);
  }
}

void reserve_thinned_axes(const Thinning& thinning, std::int64_t longest, std::size_t spans,
                          Window& window) {
  window.axes.resize(thinning.axes(window.axes.size()));
  for (int level = 1; level <= thinning.levels; ++level) {
    WindowAxis& axis = window.axes[axis_after(level)];
    const std::size_t rows = static_cast<std::size_t>(thinning.left_of(longest, level)) *
                             static_cast<std::size_t>(window.lanes);
    axis.resets.reserve(rows);
    axis.owners.reserve(rows);
    axis.spans.reserve(spans);
  }
}

std::uint64_t thinned_axes_bytes(const Thinning& thinning, std::int64_t longest, std::size_t spans,
                                 int lanes) {
  std::uint64_t bytes = 0;
  for (int level = 1; level <= thinning.levels; ++level) {
    bytes += static_cast<std::uint64_t>(thinning.left_of(longest, level) * lanes) *
                 (sizeof(std::uint8_t) + sizeof(Owner)) +
             spans * sizeof(Span);
  }
  return bytes;
}

}  // namespace rondo
