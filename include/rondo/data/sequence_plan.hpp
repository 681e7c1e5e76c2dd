// Which sequences a window holds, and where: a function of the sequences' lengths, the seed and the
// epoch alone, in integers, the same on every rank and every machine.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace rondo {

// How sequences go through lanes.
enum class Laying : std::uint8_t {
  // Each within one window (data/packing.hpp).
  packed,
  // End to end: where a window ends in a sequence, it goes on in the same lane of the next one, at
  // its first step, and what the lane carries goes on with it. The sequences of an epoch, in its
  // order, are dealt to the lane that is free first, of several the lowest. All windows are equally
  // long, but for an epoch's last, which ends with the longest lane.
  carried,
  // Likewise, but lane l takes steps [l n, (l + 1) n) of the epoch's concatenation, n = the epoch's
  // steps / lanes, rounded up: where that begins inside of a sequence, the rest of it is carried
  // nothing. So a few long sequences occupy all lanes.
  divided,
};

// A span of a window, with the sequence's number in its split. Steps.
struct PlacedSequence {
  std::int64_t sequence = 0;
  std::int32_t lane = 0, first = 0, length = 0;
  std::int32_t step = 0;                             // the sequence's own, of the span's first
  bool fresh = true;                                 // nothing is carried to it
  std::int32_t second_first = 0, second_length = 0;  // its span on the second axis
  bool operator==(const PlacedSequence&) const = default;
};

struct PackedWindow {
  std::int64_t index = 0;  // windows before it, over all epochs
  std::int64_t epoch = 0;
  std::int32_t times = 0;              // steps; a multiple of the alignment
  std::int32_t second_times = 0;       // of the second axis
  std::vector<PlacedSequence> placed;  // by lane, then first step; never empty
  bool operator==(const PackedWindow&) const = default;
};

struct PackingShape {
  std::int64_t lanes = 0;
  std::int64_t window = 0;     // steps
  std::int64_t alignment = 1;  // spans begin at, and windows are as long as, a multiple of it
  std::uint64_t seed = 0;      // of the epochs' orders
  bool shuffle = true;         // false: the sequences' own order in each epoch (evaluation)
  Laying laying = Laying::packed;
  // Steps of each sequence on a second axis (the letters of its words, or the steps of what is said
  // of it), which has a window of its own; they outlive the plan. None: there is no such axis. Of
  // packed sequences alone.
  std::span<const std::int32_t> second = {};
  std::int64_t second_window = 0;  // steps; 0: `window` times the ratio of the total steps
};

// Windows one after another, over all epochs; none spans epochs. One thread at a time.
class SequencePlan {
 public:
  virtual ~SequencePlan() = default;

  // The next window, without end. Allocates nothing, but that `placed` grows to most_sequences() in
  // the first call with a `window`.
  virtual void next(PackedWindow& window) = 0;
  // Goes to before window `window`. Epochs that were planned before are not planned again, but for
  // the windows of its own epoch that lie before it.
  virtual void seek(std::int64_t window) = 0;
  // Windows of the first `epochs` epochs. Plans those that were not planned before (of unshuffled
  // ones the first alone: they are all the same); the next window stays what it was.
  virtual std::int64_t windows_of(std::int64_t epochs) = 0;

  // In any window: the most that are placed.
  virtual std::int64_t most_sequences() const = 0;
  // Steps of the longest window that there can be: memory is laid out for it.
  virtual std::int32_t longest_window() const = 0;
  // Likewise on the second axis; 0 where there is none.
  virtual std::int32_t longest_second_window() const { return 0; }

 protected:
  SequencePlan() = default;
  SequencePlan(const SequencePlan&) = default;
  SequencePlan(SequencePlan&&) = default;
  SequencePlan& operator=(const SequencePlan&) = default;
  SequencePlan& operator=(SequencePlan&&) = default;
};

// `lengths`: steps of each sequence, one or more sequences, each at least 1; they outlive the plan.
// Stands before window 0. InputError where there are more than 2^31 - 1 sequences, or where a
// window would be longer than 2^31 - 1 steps in all its lanes.
std::unique_ptr<SequencePlan> make_plan(std::span<const std::int32_t> lengths,
                                        const PackingShape& shape);
// Bytes that such a plan allocates.
std::uint64_t plan_bytes(std::span<const std::int32_t> lengths, const PackingShape& shape);

}  // namespace rondo
