// What the files of plans share: how a stage is added to a plan.
#pragma once

#include <utility>

#include "model/plans/stage_plan.hpp"

namespace rondo {

template <class Plan, class... Arguments>
Plan& NetworkPlan::add(Arguments&&... arguments) {
  auto plan = std::make_shared<Plan>(std::forward<Arguments>(arguments)...);
  Plan& reference = *plan;
  stages_.push_back(std::move(plan));
  return reference;
}

}  // namespace rondo
