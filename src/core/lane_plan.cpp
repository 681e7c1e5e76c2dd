#include "rondo/core/lane_plan.hpp"

#include <algorithm>

namespace rondo {

std::int64_t BlockPlan::begin(int rank) const {
  return blocks / ranks * rank + std::min<std::int64_t>(rank, blocks % ranks);
}

double BlockPlan::idle() const {
  return 1.0 - static_cast<double>(blocks) / static_cast<double>(ranks * most());
}

}  // namespace rondo
