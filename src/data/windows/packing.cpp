#include "rondo/data/packing.hpp"

#include <algorithm>
#include <limits>

#include "data/windows/packing/epoch_walk.hpp"
#include "data/windows/packing/sequence_order.hpp"
#include "data/windows/packing/waiting_sequences.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::int64_t most_steps = std::numeric_limits<std::int32_t>::max();

// What the rule needs to know of all sequences together. Lengths and room are counted in frames of
// `alignment` steps, the last one of a sequence begun.
struct Measures {
  Measures(std::span<const std::int32_t> lengths, const PackingShape& shape);
  void measure_second(std::int64_t steps, const PackingShape& shape);
  std::uint32_t size(std::int32_t length) const {
    if (alignment == 1) return static_cast<std::uint32_t>(length);
    return static_cast<std::uint32_t>((length + alignment - 1) / alignment);
  }

  std::int64_t alignment;
  std::uint32_t window;                                 // frames
  std::uint32_t longest = 0;                            // frames of the longest sequence
  std::uint32_t second_window = 0, second_longest = 0;  // steps of the second axis
  std::int64_t enough = 0;                              // frames that have to wait
  std::uint32_t most_waiting;                           // sequences
  std::size_t most_placed;                              // sequences in a window
};

Measures::Measures(std::span<const std::int32_t> lengths, const PackingShape& shape)
    : alignment(shape.alignment) {
  if (lengths.empty() || shape.lanes < 1 || shape.window < 1 || alignment < 1) {
    throw_run("packing needs sequences, lanes, a window and an alignment, all at least 1");
  }
  if (lengths.size() > static_cast<std::size_t>(most_steps)) {
    throw_input("a split has {} sequences, more than the {} that can be packed", lengths.size(),
                most_steps);
  }
  std::uint32_t shortest = std::numeric_limits<std::uint32_t>::max();
  if (!shape.second.empty() && shape.second.size() != lengths.size()) {
    throw_run("{} sequences have {} lengths on a second axis", lengths.size(), shape.second.size());
  }
  std::int64_t total = 0, steps = 0;
  for (const std::int32_t length : lengths) {
    steps += length;
    const std::uint32_t frames = size(length);
    shortest = std::min(shortest, frames);
    longest = std::max(longest, frames);
    total += frames;
  }
  const std::int64_t window_frames = (std::min(shape.window, most_steps) - 1) / alignment + 1;
  const std::int64_t largest = std::max<std::int64_t>(window_frames, longest);
  if (shape.window > most_steps || largest > most_steps / alignment / shape.lanes) {
    throw_input(
        "{} lanes of {} steps (the window, or the longest sequence) are more than the {} steps "
        "that "
        "a window can hold; give fewer lanes, or a shorter window",
        shape.lanes, std::max(shape.window, largest * alignment), most_steps);
  }
  window = static_cast<std::uint32_t>(window_frames);
  enough = shape.lanes * largest;
  const auto sequences = static_cast<std::int64_t>(lengths.size());
  most_waiting = static_cast<std::uint32_t>(std::min(sequences, (enough - 1) / shortest + 1));
  // 5 / 4 of lanes x window x sequences / total, all divisions rounded down once.
  const std::int64_t product = shape.lanes * window * sequences;
  const std::int64_t most = (product / total * 5 + product % total * 5 / total) / 4;
  most_placed = static_cast<std::size_t>(std::clamp<std::int64_t>(most, 1, sequences));
  measure_second(steps, shape);
}

void Measures::measure_second(std::int64_t steps, const PackingShape& shape) {
  if (shape.second.empty()) return;
  std::int64_t total = 0, most = 0;
  for (const std::int32_t length : shape.second) {
    total += length;
    most = std::max<std::int64_t>(most, length);
  }
  const std::int64_t whole = total / steps * shape.window;
  const std::int64_t in_ratio = whole + (total % steps * shape.window + steps - 1) / steps;
  const std::int64_t own = shape.second_window > 0 ? shape.second_window : in_ratio;
  if (std::max(own, most) > most_steps / shape.lanes) {
    throw_input(
        "{} lanes of {} steps on the second axis are more than the {} steps that a window can "
        "hold; give fewer lanes, or a shorter window",
        shape.lanes, std::max(own, most), most_steps);
  }
  second_window = static_cast<std::uint32_t>(std::max<std::int64_t>(own, 1));
  second_longest = static_cast<std::uint32_t>(most);
}

class PackedEpoch {
 public:
  PackedEpoch(std::span<const std::int32_t> lengths, const PackingShape& shape)
      : measures_(lengths, shape),
        lanes_(static_cast<std::int32_t>(shape.lanes)),
        second_(shape.second),
        order_(lengths, shape.seed, shape.shuffle),
        waiting_(measures_.most_waiting, measures_.longest) {}

  static std::uint64_t bytes(std::span<const std::int32_t> lengths, const PackingShape& shape) {
    const Measures measures(lengths, shape);
    return SequenceOrder::bytes(lengths.size(), shape.shuffle) +
           WaitingSequences::bytes(measures.most_waiting, measures.longest) +
           EpochWalk<PackedEpoch>::bytes(measures.most_placed);
  }

  const Measures& measures() const { return measures_; }
  std::size_t most_placed() const { return measures_.most_placed; }

  void start(std::int64_t epoch) {
    waiting_.clear();
    order_.start(epoch);
  }
  bool is_over() const { return order_.done() && waiting_.empty(); }

  void next(PackedWindow& window) {
    while (waiting_.frames() < measures_.enough && !order_.done()) {
      const SequenceOrder::Item item = order_.next();
      waiting_.add({item.sequence, item.length, measures_.size(item.length),
                    second_.empty() ? 0 : static_cast<std::uint32_t>(second_[item.sequence])});
    }
    WaitingSequences::Sequence taken = waiting_.take_oldest();
    const std::uint32_t frames = std::max(measures_.window, taken.size);
    const std::uint32_t second_times = std::max(measures_.second_window, taken.second);
    window.times = steps(frames);
    window.second_times = static_cast<std::int32_t>(second_times);
    std::int32_t lane = 0;
    std::uint32_t first = 0, second_first = 0;
    for (;;) {
      window.placed.push_back({taken.number, lane, steps(first), taken.length, 0, true,
                               static_cast<std::int32_t>(second_first),
                               static_cast<std::int32_t>(taken.second)});
      if (window.placed.size() == measures_.most_placed) return;
      first += taken.size;
      second_first += taken.second;
      while (!waiting_.take_longest(frames - first, second_times - second_first, taken)) {
        if (first == 0 || ++lane == lanes_) return;  // nothing fits, not in an empty lane either
        first = second_first = 0;
      }
    }
  }

 private:
  std::int32_t steps(std::uint32_t frames) const {
    return static_cast<std::int32_t>(frames * measures_.alignment);
  }

  Measures measures_;
  std::int32_t lanes_;
  std::span<const std::int32_t> second_;
  SequenceOrder order_;
  WaitingSequences waiting_;
};

}  // namespace

class PackingPlan::Impl : public EpochWalk<PackedEpoch> {
 public:
  Impl(std::span<const std::int32_t> lengths, const PackingShape& shape)
      : EpochWalk(PackedEpoch(lengths, shape), shape.shuffle) {}
  const Measures& measures() const { return epoch().measures(); }
};

PackingPlan::PackingPlan(std::span<const std::int32_t> lengths, const PackingShape& shape)
    : impl_(std::make_unique<Impl>(lengths, shape)) {}
PackingPlan::~PackingPlan() = default;
PackingPlan::PackingPlan(PackingPlan&&) noexcept = default;
PackingPlan& PackingPlan::operator=(PackingPlan&&) noexcept = default;

void PackingPlan::next(PackedWindow& window) { impl_->next(window); }
void PackingPlan::seek(std::int64_t window) { impl_->seek(window); }
std::int64_t PackingPlan::windows_of(std::int64_t epochs) { return impl_->windows_of(epochs); }

std::int64_t PackingPlan::most_sequences() const {
  return static_cast<std::int64_t>(impl_->measures().most_placed);
}

std::int32_t PackingPlan::longest_window() const {
  const auto& measures = impl_->measures();
  return static_cast<std::int32_t>(std::max(measures.window, measures.longest) *
                                   measures.alignment);
}

std::int32_t PackingPlan::longest_second_window() const {
  const auto& measures = impl_->measures();
  return static_cast<std::int32_t>(std::max(measures.second_window, measures.second_longest));
}

std::uint64_t PackingPlan::bytes(std::span<const std::int32_t> lengths, const PackingShape& shape) {
  return PackedEpoch::bytes(lengths, shape);
}

}  // namespace rondo
