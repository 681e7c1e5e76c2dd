// The rule of rondo/data/packing.hpp, slow and obvious.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "rondo/core/random.hpp"
#include "rondo/data/packing.hpp"

namespace rondo {

class PackingReference {
 public:
  PackingReference(const std::vector<std::int32_t>& lengths, const PackingShape& shape)
      : lengths_(lengths), shape_(shape) {
    for (const std::int32_t length : lengths) {
      longest_ = std::max(longest_, room(length));
      total_ += room(length);
    }
    window_ = room(shape.window);
    std::int64_t steps = 0, second = 0;
    for (const std::int32_t length : lengths) steps += length;
    for (const std::int32_t length : shape.second) second += length;
    second_window_ = (shape.window * second + steps - 1) / steps;
  }

  std::vector<PackedWindow> epoch(std::int64_t epoch, std::int64_t first_window) const {
    std::vector<std::int64_t> coming = order(epoch), waiting;  // in the epoch's order
    std::vector<PackedWindow> windows;
    while (!coming.empty() || !waiting.empty()) {
      const std::int64_t enough = shape_.lanes * std::max(window_, longest_);
      while (!coming.empty() && steps(waiting) < enough) {
        waiting.push_back(coming.front());
        coming.erase(coming.begin());
      }
      PackedWindow window;
      window.index = first_window + static_cast<std::int64_t>(windows.size());
      window.epoch = epoch;
      pack(waiting, window);
      windows.push_back(window);
    }
    return windows;
  }

 private:
  std::int64_t room(std::int64_t steps) const {
    while (steps % shape_.alignment != 0) ++steps;
    return steps;
  }
  std::int64_t room_of(std::int64_t sequence) const {
    return room(lengths_[static_cast<std::size_t>(sequence)]);
  }
  std::int64_t second_of(std::int64_t sequence) const {
    return shape_.second.empty() ? 0 : shape_.second[static_cast<std::size_t>(sequence)];
  }
  std::int64_t steps(const std::vector<std::int64_t>& sequences) const {
    std::int64_t sum = 0;
    for (const std::int64_t sequence : sequences) sum += room_of(sequence);
    return sum;
  }

  std::vector<std::int64_t> order(std::int64_t epoch) const {
    const RandomStream random(shape_.seed, Purpose::sequence_order,
                              static_cast<std::uint64_t>(epoch));
    std::vector<std::pair<std::uint32_t, std::int64_t>> keys;
    keys.reserve(lengths_.size());
    for (std::uint32_t i = 0; i < lengths_.size(); ++i) {
      keys.emplace_back(shape_.shuffle ? random.block(i / 4)[i % 4] : 0, i);
    }
    std::sort(keys.begin(), keys.end());
    std::vector<std::int64_t> sequences;
    sequences.reserve(keys.size());
    for (const auto& [key, sequence] : keys) sequences.push_back(sequence);
    return sequences;
  }

  void pack(std::vector<std::int64_t>& waiting, PackedWindow& window) const {
    const std::int64_t times = std::max(window_, room_of(waiting.front()));
    window.times = static_cast<std::int32_t>(times);
    const std::int64_t second = std::max(second_window_, second_of(waiting.front()));
    window.second_times = static_cast<std::int32_t>(second);
    const auto sequences = static_cast<std::int64_t>(lengths_.size());
    const std::int64_t most =
        std::max<std::int64_t>(1, 5 * shape_.lanes * window_ * sequences / (4 * total_));
    for (std::int64_t lane = 0; lane < shape_.lanes; ++lane) {
      std::int64_t second_first = 0;
      for (std::int64_t first = 0; static_cast<std::int64_t>(window.placed.size()) < most;) {
        auto best = waiting.end();
        if (window.placed.empty()) best = waiting.begin();
        std::map<std::int64_t, std::vector<std::int64_t>::iterator, std::greater<>> oldest;
        for (auto it = waiting.begin(); it != waiting.end(); ++it) {
          if (room_of(*it) <= times - first) oldest.emplace(room_of(*it), it);
        }
        int looked_at = 0;
        for (const auto& [size, it] : oldest) {
          if (best != waiting.end() || looked_at++ == 16) break;
          if (second_of(*it) <= second - second_first) best = it;
        }
        if (best == waiting.end()) break;
        window.placed.push_back(
            {*best, static_cast<std::int32_t>(lane), static_cast<std::int32_t>(first),
             lengths_[static_cast<std::size_t>(*best)], 0, true,
             static_cast<std::int32_t>(second_first), static_cast<std::int32_t>(second_of(*best))});
        first += room_of(*best);
        second_first += second_of(*best);
        waiting.erase(best);
      }
    }
  }

  const std::vector<std::int32_t>& lengths_;
  const PackingShape& shape_;
  std::int64_t window_ = 0, longest_ = 0, total_ = 0, second_window_ = 0;
};

}  // namespace rondo
