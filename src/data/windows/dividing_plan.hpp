// The plan of Laying::divided.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/windows/packing/lane_measures.hpp"
#include "data/windows/packing/sequence_order.hpp"
#include "rondo/data/sequence_plan.hpp"
#include "rondo/data/window_cuts.hpp"

namespace rondo {

class DividingPlan final : public SequencePlan {
 public:
  // As make_plan's.
  DividingPlan(std::span<const std::int32_t> lengths, const PackingShape& shape);

  void next(PackedWindow& window) override;
  void seek(std::int64_t window) override;
  std::int64_t windows_of(std::int64_t epochs) override { return cuts_.windows_of(epochs); }
  std::int64_t most_sequences() const override {
    return static_cast<std::int64_t>(measures_.most_placed) + measures_.lanes - 1;
  }
  std::int32_t longest_window() const override;

  static std::uint64_t bytes(std::span<const std::int32_t> lengths, const PackingShape& shape);

 private:
  struct Placed {
    std::uint32_t sequence;
    std::int64_t start;  // in the epoch's concatenation
  };

  void go_to(std::int64_t epoch);

  LaneMeasures measures_;
  std::int64_t share_;  // steps of a lane
  WindowCuts cuts_;
  SequenceOrder order_;
  std::vector<Placed> sequences_;  // of the epoch, in its order; behind them its end
  std::int64_t epoch_ = -1;
  std::int64_t index_ = 0;
};

}  // namespace rondo
