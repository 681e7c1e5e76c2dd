// Sums over whole sequences, joined by the tree over their numbers, so that no figure depends on
// lanes, windows or ranks.
#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace rondo::tasks {

// Of several sums a sequence; of one sequence or more.
template <std::size_t Sums>
std::array<double, Sums> tree_total(std::vector<std::array<double, Sums>> all) {
  while (all.size() > 1) {
    const std::size_t size = all.size();
    for (std::size_t i = 0; i < size / 2; ++i) {
      for (std::size_t k = 0; k < Sums; ++k) all[i][k] = all[2 * i][k] + all[2 * i + 1][k];
    }
    if (size % 2 != 0) all[size / 2] = all[size - 1];
    all.resize((size + 1) / 2);
  }
  return all.front();
}

// Of two.
inline std::pair<double, double> tree_totals(const std::vector<double>& a,
                                             const std::vector<double>& b) {
  std::vector<std::array<double, 2>> pairs;
  for (std::size_t i = 0; i < a.size(); ++i) pairs.push_back({a[i], b[i]});
  const auto [left, right] = tree_total(std::move(pairs));
  return {left, right};
}

}  // namespace rondo::tasks
