// The plan of Laying::carried.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "rondo/data/sequence_plan.hpp"

namespace rondo {

class CarryingPlan final : public SequencePlan {
 public:
  // As make_plan's.
  CarryingPlan(std::span<const std::int32_t> lengths, const PackingShape& shape);
  ~CarryingPlan() override;

  void next(PackedWindow& window) override;
  void seek(std::int64_t window) override;
  std::int64_t windows_of(std::int64_t epochs) override;
  std::int64_t most_sequences() const override;
  std::int32_t longest_window() const override;

  static std::uint64_t bytes(std::span<const std::int32_t> lengths, const PackingShape& shape);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rondo
