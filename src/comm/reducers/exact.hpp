// The two ways of the exact reducer, which give the same bits.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "comm/reducers/piecewise.hpp"
#include "rondo/core/block_tree.hpp"

namespace rondo {

// All ranks' roots, in rank order, and where each rank's begin.
struct AllRoots {
  explicit AllRoots(const BlockPlan& plan);
  std::size_t count(int rank) const {
    return first[static_cast<std::size_t>(rank) + 1] - first[static_cast<std::size_t>(rank)];
  }
  // Whether the ranks, a power of two of them, are the nodes of one level.
  bool is_one_level() const;

  std::vector<TreeNode> nodes;
  std::vector<std::size_t> first;  // one more than there are ranks
};

// Recursive halving, for ranks that are the nodes of one level.
template <class Real>
std::unique_ptr<PieceWorker> make_halving_worker(const Reduction<Real>& reduction, int channel);
// Slices with an owner each, for all others.
template <class Real>
std::unique_ptr<PieceWorker> make_slice_worker(const Reduction<Real>& reduction, int channel);

}  // namespace rondo
