// The block tree over ranks (ARITHMETIC.md, "Sums over blocks"): recursive halving where the ranks
// are themselves the nodes of one level of the tree, slices with an owner each everywhere else.
#include "comm/reducers/exact.hpp"

#include <algorithm>
#include <bit>

namespace rondo {

AllRoots::AllRoots(const BlockPlan& plan) {
  for (int rank = 0; rank < plan.ranks; ++rank) {
    first.push_back(nodes.size());
    const std::vector<TreeNode> roots = plan.roots(rank);
    nodes.insert(nodes.end(), roots.begin(), roots.end());
  }
  first.push_back(nodes.size());
}

bool AllRoots::is_one_level() const {
  const bool same = std::all_of(nodes.begin(), nodes.end(), [&](const TreeNode& node) {
    return node.level == nodes.front().level;
  });
  const std::size_t ranks = first.size() - 1;
  return same && nodes.size() == ranks && std::has_single_bit(ranks);
}

template <class Real>
std::unique_ptr<Reducer<Real>> make_exact_reducer(const Reduction<Real>& reduction) {
  const bool halves = AllRoots(reduction.plan).is_one_level();
  return std::make_unique<PiecewiseReducer<Real>>(reduction, [&](int channel) {
    return halves ? make_halving_worker(reduction, channel) : make_slice_worker(reduction, channel);
  });
}

template std::unique_ptr<Reducer<float>> make_exact_reducer(const Reduction<float>&);
template std::unique_ptr<Reducer<double>> make_exact_reducer(const Reduction<double>&);

}  // namespace rondo
