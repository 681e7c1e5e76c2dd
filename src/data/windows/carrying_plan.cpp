#include "data/windows/carrying_plan.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "data/windows/packing/epoch_walk.hpp"
#include "data/windows/packing/lane_measures.hpp"
#include "data/windows/packing/sequence_order.hpp"

namespace rondo {
namespace {

// Which lanes are free at which step of a window: those that are free first come first, of several
// the lowest. Constant time a lane that is added or taken.
class LaneTurns {
 public:
  LaneTurns(std::int64_t steps, std::int64_t lanes)
      : words_(words_of(lanes)), bits_(static_cast<std::size_t>(steps) * words_) {}

  static std::uint64_t bytes(std::int64_t steps, std::int64_t lanes) {
    return static_cast<std::uint64_t>(steps) * words_of(lanes) * sizeof(std::uint64_t);
  }

  void clear() {
    std::ranges::fill(bits_, 0);
    word_ = 0;
  }
  // Not before the step of the lane that was taken last.
  void add(std::int64_t step, std::size_t lane) {
    bits_[static_cast<std::size_t>(step) * words_ + lane / 64] |= std::uint64_t{1} << (lane % 64);
  }
  struct Turn {
    std::int64_t step;
    std::size_t lane;
  };
  // False where no lane is free in this window.
  bool take(Turn& turn) {
    while (word_ < bits_.size() && bits_[word_] == 0) ++word_;
    if (word_ == bits_.size()) return false;
    std::uint64_t& bits = bits_[word_];
    turn = {static_cast<std::int64_t>(word_ / words_),
            word_ % words_ * 64 + static_cast<std::size_t>(std::countr_zero(bits))};
    bits &= bits - 1;
    return true;
  }

 private:
  static std::size_t words_of(std::int64_t lanes) {
    return static_cast<std::size_t>((lanes + 63) / 64);
  }

  std::size_t words_;
  std::vector<std::uint64_t> bits_;  // [step][lanes]
  std::size_t word_ = 0;             // none before it has any
};

class CarriedEpoch {
 public:
  CarriedEpoch(std::span<const std::int32_t> lengths, const PackingShape& shape)
      : measures_(lengths, shape),
        order_(lengths, shape.seed, shape.shuffle),
        lanes_(static_cast<std::size_t>(shape.lanes)),
        turns_(measures_.window, shape.lanes) {
    placed_.reserve(measures_.most_placed);
  }

  static std::uint64_t bytes(std::span<const std::int32_t> lengths, const PackingShape& shape) {
    const LaneMeasures measures(lengths, shape);
    return SequenceOrder::bytes(lengths.size(), shape.shuffle) +
           static_cast<std::uint64_t>(shape.lanes) * sizeof(Lane) +
           LaneTurns::bytes(measures.window, shape.lanes) +
           measures.most_placed * sizeof(PlacedSequence) +
           EpochWalk<CarriedEpoch>::bytes(measures.most_placed);
  }

  const LaneMeasures& measures() const { return measures_; }
  std::size_t most_placed() const { return measures_.most_placed; }

  void start(std::int64_t epoch) {
    order_.start(epoch);
    time_ = latest_ = 0;
    std::ranges::fill(lanes_, Lane{});
  }
  bool is_over() const { return order_.done() && latest_ <= time_; }

  void next(PackedWindow& window) {
    const std::int64_t end = time_ + measures_.window;
    placed_.clear();
    turns_.clear();
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      lanes_[lane].placed = 0;
      if (lanes_[lane].end > time_) place(lane, time_, end);
      if (lanes_[lane].end < end) turns_.add(std::max(lanes_[lane].end - time_, {}), lane);
    }
    for (LaneTurns::Turn turn; !order_.done() && turns_.take(turn);) {
      const SequenceOrder::Item item = order_.next();
      Lane& lane = lanes_[turn.lane];
      lane.sequence = item.sequence;
      lane.start = time_ + turn.step;
      lane.end = lane.start + item.length;
      place(turn.lane, lane.start, end);
      if (lane.end < end) turns_.add(lane.end - time_, turn.lane);
      latest_ = std::max(latest_, lane.end);
    }
    hand_over_by_lane(window.placed);
    window.times = static_cast<std::int32_t>(order_.done() ? std::min(end, latest_) - time_
                                                           : measures_.window);
    time_ = end;
  }

 private:
  // What it was given last, in steps of the epoch.
  struct Lane {
    std::int64_t start = 0, end = 0;
    std::uint32_t sequence = 0;
    std::uint32_t placed = 0;  // spans in the window, or before those of the next one
  };

  // What of a lane's sequence lies in the window's steps from `from` on.
  void place(std::size_t number, std::int64_t from, std::int64_t end) {
    Lane& lane = lanes_[number];
    const auto steps = [](std::int64_t count) { return static_cast<std::int32_t>(count); };
    placed_.push_back({lane.sequence, static_cast<std::int32_t>(number), steps(from - time_),
                       steps(std::min(lane.end, end) - from), steps(from - lane.start),
                       from == lane.start});
    ++lane.placed;
  }

  // Those of a lane came in the order of their steps.
  void hand_over_by_lane(std::vector<PlacedSequence>& placed) {
    std::uint32_t before = 0;
    for (Lane& lane : lanes_) before += std::exchange(lane.placed, before);
    placed.resize(placed_.size());
    for (const PlacedSequence& one : placed_) {
      placed[lanes_[static_cast<std::size_t>(one.lane)].placed++] = one;
    }
  }

  LaneMeasures measures_;
  SequenceOrder order_;
  std::vector<Lane> lanes_;
  LaneTurns turns_;
  std::vector<PlacedSequence> placed_;
  std::int64_t time_ = 0;    // steps of the epoch before the next window
  std::int64_t latest_ = 0;  // where the longest lane ends so far
};

}  // namespace

class CarryingPlan::Impl : public EpochWalk<CarriedEpoch> {
 public:
  Impl(std::span<const std::int32_t> lengths, const PackingShape& shape)
      : EpochWalk(CarriedEpoch(lengths, shape), shape.shuffle) {}
};

CarryingPlan::CarryingPlan(std::span<const std::int32_t> lengths, const PackingShape& shape)
    : impl_(std::make_unique<Impl>(lengths, shape)) {}
CarryingPlan::~CarryingPlan() = default;

void CarryingPlan::next(PackedWindow& window) { impl_->next(window); }
void CarryingPlan::seek(std::int64_t window) { impl_->seek(window); }
std::int64_t CarryingPlan::windows_of(std::int64_t epochs) { return impl_->windows_of(epochs); }

std::int64_t CarryingPlan::most_sequences() const {
  return static_cast<std::int64_t>(impl_->epoch().most_placed());
}
std::int32_t CarryingPlan::longest_window() const {
  return static_cast<std::int32_t>(impl_->epoch().measures().window);
}

std::uint64_t CarryingPlan::bytes(std::span<const std::int32_t> lengths,
                                  const PackingShape& shape) {
  return CarriedEpoch::bytes(lengths, shape);
}

}  // namespace rondo
