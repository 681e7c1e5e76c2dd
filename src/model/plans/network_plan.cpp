#include "rondo/model/network_plan.hpp"

#include "model/plans/stage_plan.hpp"

namespace rondo {

ParameterLayout NetworkPlan::layout() const {
  ParameterLayout layout;
  for (const auto& stage : stages_) stage->add_segments(layout);
  return layout;
}

std::size_t NetworkPlan::gradient_size() const {
  const ParameterLayout layout = this->layout();
  std::size_t size = layout.size();
  for (const auto& stage : stages_) size += stage->apart(layout);
  return size;
}

std::int64_t NetworkPlan::weights_per_step(int axis) const {
  std::int64_t weights = 0;
  for (const auto& stage : stages_) {
    if (stage->axis() == axis) weights += stage->weights_per_step();
  }
  return weights;
}

double NetworkPlan::training_flops_per_step(double second) const {
  double weights =
      static_cast<double>(weights_per_step()) + second * static_cast<double>(weights_per_step(1));
  for (int level = 1, axis = first_thinned_axis; level <= thinning_.levels; ++level, ++axis) {
    weights += static_cast<double>(weights_per_step(axis)) /
               static_cast<double>(thinning_.together(level));
  }
  return 6.0 * weights;
}

std::vector<TokenTable> NetworkPlan::tables() const {
  std::vector<TokenTable> tables;
  ParameterLayout layout;
  for (const auto& stage : stages_) {
    const StageSegments segments = stage->add_segments(layout);
    std::optional<TokenTable> table = stage->table();
    if (!table) continue;
    table->segment = segments.front();
    tables.push_back(*table);
  }
  return tables;
}

std::vector<CarriedArray> NetworkPlan::carried() const {
  std::vector<CarriedArray> all;
  for (const auto& stage : stages_) {
    for (CarriedArray& array : stage->carried()) all.push_back(std::move(array));
  }
  return all;
}

}  // namespace rondo
