#include "rondo/data/sequence_plan.hpp"

#include "data/windows/carrying_plan.hpp"
#include "data/windows/dividing_plan.hpp"
#include "rondo/data/packing.hpp"

namespace rondo {

std::unique_ptr<SequencePlan> make_plan(std::span<const std::int32_t> lengths,
                                        const PackingShape& shape) {
  switch (shape.laying) {
    case Laying::carried:
      return std::make_unique<CarryingPlan>(lengths, shape);
    case Laying::divided:
      return std::make_unique<DividingPlan>(lengths, shape);
    case Laying::packed:
      break;
  }
  return std::make_unique<PackingPlan>(lengths, shape);
}

std::uint64_t plan_bytes(std::span<const std::int32_t> lengths, const PackingShape& shape) {
  switch (shape.laying) {
    case Laying::carried:
      return CarryingPlan::bytes(lengths, shape);
    case Laying::divided:
      return DividingPlan::bytes(lengths, shape);
    case Laying::packed:
      break;
  }
  return PackingPlan::bytes(lengths, shape);
}

}  // namespace rondo
