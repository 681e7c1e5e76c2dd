#include "data/windows/dividing_plan.hpp"

#include <algorithm>

namespace rondo {

DividingPlan::DividingPlan(std::span<const std::int32_t> lengths, const PackingShape& shape)
    : measures_(lengths, shape),
      share_((measures_.total - 1) / measures_.lanes + 1),
      cuts_({shape.window, false, 0}, share_),
      order_(lengths, shape.seed, shape.shuffle),
      sequences_(lengths.size() + 1) {}

std::uint64_t DividingPlan::bytes(std::span<const std::int32_t> lengths,
                                  const PackingShape& shape) {
  return SequenceOrder::bytes(lengths.size(), shape.shuffle) +
         (lengths.size() + 1) * sizeof(Placed);
}

std::int32_t DividingPlan::longest_window() const {
  return static_cast<std::int32_t>(std::min(measures_.window, share_));
}

void DividingPlan::go_to(std::int64_t epoch) {
  if (epoch == epoch_) return;
  epoch_ = epoch;
  order_.start(epoch);
  std::int64_t start = 0;
  for (Placed& placed : sequences_) {
    placed = {0, start};
    if (order_.done()) return;
    const SequenceOrder::Item item = order_.next();
    placed.sequence = item.sequence;
    start += item.length;
  }
}

void DividingPlan::seek(std::int64_t window) {
  if (window < 0) throw_run("window {} does not exist", window);
  index_ = window;
}

void DividingPlan::next(PackedWindow& window) {
  const WindowCuts::Cut cut = cuts_.cut(index_);
  go_to(cut.epoch);
  window.index = index_++;
  window.epoch = cut.epoch;
  window.times = static_cast<std::int32_t>(cut.times);
  window.placed.clear();
  window.placed.reserve(static_cast<std::size_t>(most_sequences()));
  const auto steps = [](std::int64_t count) { return static_cast<std::int32_t>(count); };
  for (std::int64_t lane = 0; lane < measures_.lanes; ++lane) {
    const std::int64_t begin = lane * share_ + cut.start;
    const std::int64_t end = std::min(begin + cut.times, measures_.total);
    if (begin >= end) break;
    auto next = std::ranges::upper_bound(sequences_, begin, {}, &Placed::start);
    for (std::int64_t from = begin; from < end; from = next++->start) {
      const Placed& placed = *(next - 1);
      window.placed.push_back({placed.sequence, steps(lane), steps(from - begin),
                               steps(std::min(next->start, end) - from), steps(from - placed.start),
                               from == placed.start || (from == begin && cut.start == 0)});
    }
  }
}

}  // namespace rondo
