// Which whole sequences a window holds, and where: laid end to end in lanes, never padded, never
// cut. A function of the sequences' lengths, the seed and the epoch alone, in integers: the same on
// every rank and every machine.
//
// Sequences wait in the epoch's order until lanes x max(window, the longest sequence) steps wait.
// The oldest goes first, to the start of lane 0, and settles this window's length: `window`, or its
// own where it is longer. Then lane by lane the longest that fits in what is left of the lane, ties
// by place in the epoch's order, up to most_sequences(), so that an update's weight stays steady.
// No window spans epochs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace rondo {

// A span of a window, with the sequence's number in its split. Steps.
struct PlacedSequence {
  std::int64_t sequence = 0;
  std::int32_t lane = 0, first = 0, length = 0;
  bool operator==(const PlacedSequence&) const = default;
};

struct PackedWindow {
  std::int64_t index = 0;  // windows before it, over all epochs
  std::int64_t epoch = 0;
  std::int32_t times = 0;              // steps; a multiple of the alignment
  std::vector<PlacedSequence> placed;  // by lane, then first step; never empty
  bool operator==(const PackedWindow&) const = default;
};

struct PackingShape {
  std::int64_t lanes = 0;
  std::int64_t window = 0;     // steps
  std::int64_t alignment = 1;  // spans begin at, and windows are as long as, a multiple of it
  std::uint64_t seed = 0;      // of the epochs' orders
  bool shuffle = true;         // false: the sequences' own order in each epoch (evaluation)
};

// One thread at a time. Planning takes some 40 ns a sequence.
class PackingPlan {
 public:
  // `lengths`: steps of each sequence, one or more sequences, each at least 1; they outlive the
  // plan. Stands before window 0. InputError where there are more than 2^31 - 1 sequences, or where
  // a window would be longer than 2^31 - 1 steps.
  PackingPlan(std::span<const std::int32_t> lengths, const PackingShape& shape);
  ~PackingPlan();
  PackingPlan(PackingPlan&&) noexcept;
  PackingPlan& operator=(PackingPlan&&) noexcept;

  // The next window, over all epochs, without end. Allocates nothing, but that `placed` grows to
  // most_sequences() in the first call with a `window`.
  void next(PackedWindow& window);
  // Goes to before window `window`. Epochs that were planned before are not planned again, but for
  // the windows of its own epoch that lie before it.
  void seek(std::int64_t window);
  // Windows of the first `epochs` epochs. Plans those that were not planned before (of unshuffled
  // ones the first alone: they are all the same); the next window stays what it was.
  std::int64_t windows_of(std::int64_t epochs);

  // Of any window: 1.25 times what an ordinary one holds (lanes x window / mean length), rounded
  // down, at least 1.
  std::int64_t most_sequences() const;
  // Steps of the longest window that there can be: memory is laid out for it.
  std::int32_t longest_window() const;

  // Bytes that such a plan allocates.
  static std::uint64_t bytes(std::span<const std::int32_t> lengths, const PackingShape& shape);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rondo
