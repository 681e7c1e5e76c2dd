// Time that grows shorter from layer to layer: of a few neighbouring steps of a sequence one is
// made, of as many of these one again.
//
// Each thinned time is an axis of its own, behind the first two of a window. Its spans are those of
// the first axis, in their order, each thinned from its own first step on, its last step from what
// is left; so a sequence is thinned alike in any company. They overlap nowhere, as the first axis's
// spans begin at multiples of all that becomes one step.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rondo/core/window.hpp"

namespace rondo {

// A window's axes before those of thinned times.
inline constexpr int first_thinned_axis = 2;

struct Thinning {
  int factor = 1;  // steps that become one, at least 1
  int levels = 0;  // how often; each has an axis

  // Steps of the first axis that are one after `level` thinnings.
  std::int64_t together(int level) const {
    std::int64_t steps = 1;
    for (int each = 0; each < level; ++each) steps *= factor;
    return steps;
  }
  std::int64_t together() const { return together(levels); }
  // What so many steps of the first axis are then, what is left over counted as one.
  std::int64_t left_of(std::int64_t steps, int level) const {
    return (steps + together(level) - 1) / together(level);
  }
  std::int64_t left_of(std::int64_t steps) const { return left_of(steps, levels); }
  // Of a window which has so many, or has its thinned ones already.
  std::size_t axes(std::size_t others) const {
    return levels == 0 ? others : static_cast<std::size_t>(first_thinned_axis + levels);
  }
  bool operator==(const Thinning&) const = default;
};

// How often an axis's time is thinned: 0 of the first two.
inline int thinnings_of(int axis) {
  return axis < first_thinned_axis ? 0 : axis - first_thinned_axis + 1;
}
// The axis that an axis which is thinned once more becomes.
inline int thinned(int axis) { return axis < first_thinned_axis ? first_thinned_axis : axis + 1; }

// Makes the thinned axes of a window whose other axes are complete: times, resets, spans and
// owners; they have no columns. Their memory is used again. RunError where a span of whole
// sequences begins elsewhere than at a multiple of together().
void add_thinned_axes(const Thinning& thinning, Window& window);
// Room for them in windows of up to `longest` steps with up to `spans` sequences, so that no later
// one allocates; and the bytes that it takes.
void reserve_thinned_axes(const Thinning& thinning, std::int64_t longest, std::size_t spans,
                          Window& window);
std::uint64_t thinned_axes_bytes(const Thinning& thinning, std::int64_t longest, std::size_t spans,
                                 int lanes);

}  // namespace rondo
