// Sums over whole sequences, joined by the tree over their numbers, so that no figure depends on
// lanes, windows or ranks.
#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace rondo::tasks {

// An array of sums a sequence, one sequence after another, or more: kept are the roots of the whole
// nodes so far, the largest first.
template <class Sums>
class TreeSums {
 public:
  void add(const Sums& sums) {
    nodes_.push_back({0, sums});
    while (nodes_.size() > 1 && nodes_.back().level == nodes_[nodes_.size() - 2].level) join();
  }
  // Ends the tree; of one sum or more.
  const Sums& total() {
    while (nodes_.size() > 1) join();
    return nodes_.front().sums;
  }

 private:
  struct Node {
    int level = 0;
    Sums sums;
  };
  void join() {
    const Node last = nodes_.back();
    nodes_.pop_back();
    Node& before = nodes_.back();
    ++before.level;
    for (std::size_t k = 0; k < last.sums.size(); ++k) before.sums[k] += last.sums[k];
  }
  std::vector<Node> nodes_;
};

// Of two sums a sequence.
inline std::pair<double, double> tree_totals(const std::vector<double>& a,
                                             const std::vector<double>& b) {
  TreeSums<std::array<double, 2>> pairs;
  for (std::size_t i = 0; i < a.size(); ++i) pairs.add({a[i], b[i]});
  const auto [left, right] = pairs.total();
  return {left, right};
}

}  // namespace rondo::tasks
