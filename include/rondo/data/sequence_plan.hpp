// Which sequences a window holds, and where: a function of the sequences' lengths, the seed and the
// epoch alone, in integers, the same on every rank and every machine.
#pragma once

#include <cstdint>
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

 protected:
  SequencePlan() = default;
  SequencePlan(const SequencePlan&) = default;
  SequencePlan(SequencePlan&&) = default;
  SequencePlan& operator=(const SequencePlan&) = default;
  SequencePlan& operator=(SequencePlan&&) = default;
};

}  // namespace rondo
