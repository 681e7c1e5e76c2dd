// Which whole sequences a window holds, and where: laid end to end in lanes, never padded, never
// cut. A function of the sequences' lengths, the seed and the epoch alone, in integers: the same on
// every rank and every machine.
//
// Sequences wait in the epoch's order until lanes x max(window, the longest sequence) steps wait.
// The oldest goes first, to the start of lane 0, and settles this window's length: `window`, or its
// own where it is longer. Then lane by lane the longest that fits in what is left of the lane, ties
// by place in the epoch's order, up to most_sequences(), so that an update's weight stays steady.
// No window spans epochs.
//
// Where sequences have steps on a second axis, its window is `second_window`, or else `window`
// times the ratio of the total steps, rounded up, or, where the oldest has more there, as many; and
// what fits has to fit there, too. Of each length that fits on the first axis, from the longest
// down, the oldest sequence is looked at, of 16 lengths at most: the first of them that fits is
// taken. Where none does, the lane is full.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "rondo/data/sequence_plan.hpp"

namespace rondo {

// Planning takes some 40 ns a sequence.
class PackingPlan final : public SequencePlan {
 public:
  // `lengths`: steps of each sequence, one or more sequences, each at least 1; they outlive the
  // plan. Stands before window 0. InputError where there are more than 2^31 - 1 sequences, or where
  // a window would be longer than 2^31 - 1 steps on either axis.
  PackingPlan(std::span<const std::int32_t> lengths, const PackingShape& shape);
  ~PackingPlan() override;
  PackingPlan(PackingPlan&&) noexcept;
  PackingPlan& operator=(PackingPlan&&) noexcept;

  void next(PackedWindow& window) override;
  void seek(std::int64_t window) override;
  std::int64_t windows_of(std::int64_t epochs) override;
  // 1.25 times what an ordinary window holds (lanes x window / mean length), rounded down, at least
  // 1.
  std::int64_t most_sequences() const override;
  std::int32_t longest_window() const override;
  std::int32_t longest_second_window() const override;

  // Bytes that such a plan allocates.
  static std::uint64_t bytes(std::span<const std::int32_t> lengths, const PackingShape& shape);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rondo
