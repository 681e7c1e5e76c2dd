// How a layer's units lie in memory: in panels of 64, the last one narrower.
//
// A vector of `units` values per lane is stored panel by panel; within a panel, lane by lane; a
// lane's values in a panel are contiguous. Every panel is 64 wide but the last, which holds the
// remaining units rounded up to a multiple of 16. The widths are a function of `units` alone,
// never of the machine. The rounding ("padding") holds +0 and takes part in no chain.
#pragma once

#include <cstddef>

namespace rondo {

struct Panels {
  static constexpr int full = 64;     // width of every panel but the last
  static constexpr int granule = 16;  // the last panel's width is a multiple of this

  int units = 0;  // logical units, at least 1

  int count() const { return (units + full - 1) / full; }
  // Units of panel p that are real; the rest of its width is padding.
  int valid(int p) const { return p + 1 < count() ? full : units - p * full; }
  // Stored width of panel p: 64, or 16, 32, 48, 64 for the last.
  int width(int p) const { return (valid(p) + granule - 1) / granule * granule; }
  // Stored values per lane, padding included.
  int padded() const { return (units + granule - 1) / granule * granule; }
  // Start of panel p in an activation of `lanes` lanes (all panels before it are full).
  std::size_t offset(int p, int lanes) const {
    return static_cast<std::size_t>(p) * full * static_cast<std::size_t>(lanes);
  }
  // Start of panel p of vector `number` of `vectors` that lie together,
  // [panel][vector][lane][width]: the gate slots of a step.
  std::size_t offset(int p, int number, int vectors, int lanes) const {
    const auto all_lanes = static_cast<std::size_t>(lanes);
    return offset(p, lanes) * static_cast<std::size_t>(vectors) +
           static_cast<std::size_t>(number) * all_lanes * static_cast<std::size_t>(width(p));
  }
  // Position of (lane, unit) in an activation of `lanes` lanes.
  std::size_t index(int lane, int unit, int lanes) const {
    const int p = unit / full;
    return offset(p, lanes) + static_cast<std::size_t>(lane) * static_cast<std::size_t>(width(p)) +
           static_cast<std::size_t>(unit % full);
  }
  // Values of one time step of an activation of `lanes` lanes.
  std::size_t step_size(int lanes) const {
    return static_cast<std::size_t>(padded()) * static_cast<std::size_t>(lanes);
  }
};

// Distance from one time step to the next for steps of `elements` values: an odd number of 4 KB
// pages of floats where a step is that long. A distance that is a multiple of a large power of two,
// as widths of 256 or 512 units give it, would put all steps into the same few sets of the second
// cache, and gradients, which read a few lanes of every step, would find none of them there.
constexpr std::size_t step_distance(std::size_t elements) {
  constexpr std::size_t page = 1024;
  return elements < 2 * page ? elements : (((elements + page - 1) / page) | 1) * page;
}

}  // namespace rondo
