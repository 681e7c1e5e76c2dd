// What attention does over positions: maximum and sum in their order.
#pragma once

#include <algorithm>
#include <limits>

#include "kernels/math/tree_fold.hpp"

namespace rondo::kernels {

// Sum of term(position) in the order of a vector sum.
template <class Real, class Term>
Real sum_over_positions(int positions, Term term) {
  constexpr int chunk = static_cast<int>(sum_chunk), accumulators = sum_accumulators;
  TreeFold<Real> chunks;
  for (int begin = 0; begin < positions; begin += chunk) {
    Real sums[sum_accumulators] = {};
    for (int i = begin; i < std::min(begin + chunk, positions); ++i) {
      sums[i % accumulators] += term(i);
    }
    chunks.push(join_accumulators(sums));
  }
  return chunks.total();
}

// Of score(position). A NaN is passed over and comes back through the sum.
template <class Real, class Score>
Real largest_of_positions(int positions, Score score) {
  Real maximum = -std::numeric_limits<Real>::infinity();
  for (int i = 0; i < positions; ++i) {
    if (score(i) > maximum) maximum = score(i);
  }
  return maximum;
}

}  // namespace rondo::kernels
