// A rank's gradient buffers, filled group by group of its blocks.
#pragma once

#include <span>
#include <vector>

#include "rondo/core/buffer.hpp"
#include "rondo/model/stage.hpp"
#include "rondo/train/block_groups.hpp"

namespace rondo {

template <class Real>
class GroupedGradients {
 public:
  // Buffers of `size` elements for groups of blocks of `block` lanes in a run of `blocks`.
  GroupedGradients(BlockGroups groups, int block, std::int64_t blocks, std::size_t size);

  std::size_t groups() const { return groups_.groups.size(); }
  bool is_last(std::size_t group) const { return group + 1 == groups(); }
  // The group's lanes of a window of all the rank's lanes.
  WindowView part(std::size_t group, const WindowView& window) const;
  // The group's place among the rank's blocks: its first, and how many.
  std::size_t first_block(std::size_t group) const;
  std::size_t blocks(std::size_t group) const;
  // Where the group's gradient goes; then, for each range of elements once it is there, join(), in
  // the order of the groups. After the last group's the range of results() is final.
  const GradientSums<Real>& sums(std::size_t group) const { return sums_[group]; }
  void join(std::size_t group, std::size_t begin, std::size_t end);

  // The values at the rank's tree roots, a buffer each; the first is total().
  const std::vector<Real*>& results() const { return results_; }
  std::span<Real> total() { return buffers_.front(); }

 private:
  BlockGroups groups_;
  std::vector<Buffer<Real>> buffers_;
  std::vector<std::vector<Real*>> pointers_;  // of each group's roots
  std::vector<GradientSums<Real>> sums_;
  std::vector<Real*> results_;
};

}  // namespace rondo
