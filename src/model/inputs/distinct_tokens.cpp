#include "model/inputs/distinct_tokens.hpp"

#include <algorithm>

namespace rondo {

int DistinctTokens::most(int vocabulary, const PassShape& shape) {
  const std::int64_t places = static_cast<std::int64_t>(shape.lanes) * shape.times;
  return static_cast<int>(std::min<std::int64_t>(vocabulary, places / 2));
}

DistinctTokens::DistinctTokens(int vocabulary, const PassShape& shape, Allocations& memory)
    : lanes_(shape.lanes),
      most_(most(vocabulary, shape)),
      tokens_(memory.make<std::int32_t>(MemoryUse::activations, static_cast<std::size_t>(most_))),
      numbers_(
          memory.make<std::int32_t>(MemoryUse::activations, static_cast<std::size_t>(vocabulary))),
      places_(memory.make<std::int32_t>(
          MemoryUse::activations,
          static_cast<std::size_t>(shape.lanes) * static_cast<std::size_t>(shape.times))) {
  std::fill(numbers_.begin(), numbers_.end(), -1);
}

// What is listed alone, so that no window pays for the whole vocabulary.
void DistinctTokens::forget() {
  for (int n = 0; n < count_; ++n) numbers_[static_cast<std::size_t>(token(n))] = -1;
  count_ = 0;
}

void DistinctTokens::list(const WindowView& window, int column) {
  forget();
  for (int t = 0; t < window.times; ++t) {
    const std::int32_t* tokens = window.tokens(column) + window.row(t);
    std::int32_t* places = places_.data() + static_cast<std::size_t>(t) * stride();
    for (int lane = 0; lane < window.lanes; ++lane) {
      std::int32_t& number = numbers_[static_cast<std::size_t>(tokens[lane])];
      if (number < 0) {
        if (count_ == most()) return forget();
        number = count_;
        tokens_[static_cast<std::size_t>(count_++)] = tokens[lane];
      }
      places[lane] = number;
    }
  }
}

}  // namespace rondo
