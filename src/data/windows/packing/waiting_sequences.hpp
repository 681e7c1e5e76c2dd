// Sequences that wait for their window: the oldest, and the longest that fits, in constant time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "data/windows/packing/length_set.hpp"

namespace rondo {

// Sizes are in frames, as the caller counts them. A sequence stands in two lists: of all that wait,
// and of those of its size, both in the order in which they came. Allocates in its constructor
// only.
class WaitingSequences {
 public:
  struct Sequence {
    std::uint32_t number = 0;
    std::int32_t length = 0;   // steps; only kept
    std::uint32_t size = 0;    // frames, at least 1
    std::uint32_t second = 0;  // steps on a second axis
  };

  // For at most `most` sequences at a time, each of at most `largest` frames.
  WaitingSequences(std::uint32_t most, std::uint32_t largest)
      : largest_(largest), nodes_(std::size_t{most} + 1), sizes_(largest), queues_(largest + 1ULL) {
    for (std::uint32_t node = 1; node <= most; ++node) nodes_[node].behind = node - 1;
    free_ = most;
  }

  static std::uint64_t bytes(std::uint32_t most, std::uint32_t largest) {
    return (std::uint64_t{most} + 1) * sizeof(Node) + LengthSet::bytes(largest) +
           (std::uint64_t{largest} + 1) * sizeof(Queue);
  }

  bool empty() const { return nodes_[none].after == none; }
  std::int64_t frames() const { return frames_; }

  void clear() {
    while (!empty()) take_oldest();
  }

  void add(const Sequence& sequence) {
    const std::uint32_t node = free_;
    free_ = nodes_[node].behind;
    const std::uint32_t newest = nodes_[none].before;
    nodes_[node] = {sequence, newest, none, none};
    nodes_[newest].after = nodes_[none].before = node;
    Queue& queue = queues_[sequence.size];
    if (queue.first == none) {
      sizes_.insert(sequence.size);
      queue.first = node;
    } else {
      nodes_[queue.last].behind = node;
    }
    queue.last = node;
    frames_ += sequence.size;
  }

  // Not when empty. The oldest of all is the oldest of its size.
  Sequence take_oldest() { return take_first(nodes_[nodes_[none].after].sequence.size); }

  // The largest of at most `room` frames, the oldest of those; where that has more than `second`
  // steps on the second axis, the oldest of the next smaller size, and so on. False where there is
  // none, or none among so many sizes.
  bool take_longest(std::uint32_t room, std::uint32_t second, Sequence& taken) {
    std::uint32_t size = sizes_.at_most(std::min(room, largest_));
    for (int looked_at = 0; size != 0 && looked_at < most_sizes; ++looked_at) {
      if (nodes_[queues_[size].first].sequence.second <= second) {
        taken = take_first(size);
        return true;
      }
      size = sizes_.at_most(size - 1);
    }
    return false;
  }

 private:
  static constexpr int most_sizes = 16;
  static constexpr std::uint32_t none = 0;  // the node where the list of all begins and ends

  struct Node {
    Sequence sequence;
    std::uint32_t before = none, after = none;  // of all
    std::uint32_t behind = none;                // of the same size, or free
  };
  struct Queue {
    std::uint32_t first = none, last = none;
  };

  Sequence take_first(std::uint32_t size) {
    Queue& queue = queues_[size];
    const std::uint32_t index = queue.first;
    Node& node = nodes_[index];
    queue.first = node.behind;
    if (queue.first == none) sizes_.erase(size);
    nodes_[node.before].after = node.after;
    nodes_[node.after].before = node.before;
    node.behind = free_;
    free_ = index;
    frames_ -= size;
    return node.sequence;
  }

  std::uint32_t largest_;
  std::vector<Node> nodes_;
  LengthSet sizes_;  // that wait
  std::vector<Queue> queues_;
  std::uint32_t free_ = none;
  std::int64_t frames_ = 0;
};

}  // namespace rondo
