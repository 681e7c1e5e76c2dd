#include "data/windows/document_order.hpp"

#include <algorithm>

#include "rondo/core/random.hpp"

namespace rondo {

DocumentOrder::DocumentOrder(const std::vector<std::int64_t>& starts, std::int64_t size,
                             std::uint64_t seed, bool shuffle)
    : starts_(starts),
      size_(size),
      seed_(seed),
      shuffle_(shuffle),
      order_(starts.size()),
      ends_(starts.size()) {
  set_epoch(0);
}

std::int64_t DocumentOrder::length(std::int64_t document) const {
  const auto next = static_cast<std::size_t>(document) + 1;
  return (next < starts_.size() ? starts_[next] : size_) - starts_[next - 1];
}

void DocumentOrder::set_epoch(std::int64_t epoch) {
  const RandomStream stream(seed_, Purpose::document_order, static_cast<std::uint64_t>(epoch));
  for (std::size_t i = 0; i < order_.size(); ++i) {
    std::uint64_t key = i;
    if (shuffle_) {
      const RandomStream::Block block =
          stream.block(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i >> 32));
      key = block[0] | static_cast<std::uint64_t>(block[1]) << 32;
    }
    order_[i] = {key, static_cast<std::int64_t>(i)};
  }
  std::sort(order_.begin(), order_.end());
  std::int64_t end = 0;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    end += length(order_[i].second);
    ends_[i] = end;
  }
}

DocumentOrder::Position DocumentOrder::place(std::int64_t position) const {
  const auto end = std::upper_bound(ends_.begin(), ends_.end(), position);
  const std::int64_t document = this->document(end - ends_.begin());
  const std::int64_t rest = *end - position;
  const std::int64_t before = length(document) - rest;
  return {starts_[static_cast<std::size_t>(document)] + before, before, rest};
}

}  // namespace rondo
