#include "model/decoder/source_spans.hpp"

#include <algorithm>

namespace rondo {

void SourceSpans::find(const WindowView& window) {
  const auto rows = static_cast<std::ptrdiff_t>(lanes_) * window.times;
  std::fill(spans_.begin(), spans_.begin() + rows, SourceSpan{});
  const std::span<const Span> sources = window.on(axis_).spans(), targets = window.spans();
  std::size_t guess = 0;
  for (const Span& target : targets) {
    const auto pairs = [&](const Span& source) { return source.sequence == target.sequence; };
    if (guess >= sources.size() || !pairs(sources[guess])) {
      const auto found = std::ranges::find_if(sources, pairs);
      if (found == sources.end()) continue;
      guess = static_cast<std::size_t>(found - sources.begin());
    }
    const Span& source = sources[guess];
    const SourceSpan span{source.lane - window.rank_lane, source.first, source.length};
    for (int t = target.first; t <= target.last(); ++t) {
      spans_[static_cast<std::size_t>(t) * lanes_ +
             static_cast<std::size_t>(target.lane - window.rank_lane)] = span;
    }
    // The next target's is the next one, or, of another hypothesis, the same.
    if (guess + 1 < sources.size() && &target != &targets.back() &&
        sources[guess + 1].sequence == (&target)[1].sequence) {
      ++guess;
    }
  }
}

}  // namespace rondo
