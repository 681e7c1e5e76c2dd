// Where the source of each step of a target lies.
#pragma once

#include <cstdint>

#include "model/allocations.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Positions of a source axis; none outside of spans.
struct SourceSpan {
  std::int32_t lane = 0, first = 0, length = 0;
  std::int32_t last() const { return first + length - 1; }
};

// In training the i-th spans of both axes are a pair. A decoder's window of one step may ask for a
// source more than once, as hypotheses do, in any lane: spans of a pair have one sequence's number.
class SourceSpans {
 public:
  // `pass` is of the target's axis.
  SourceSpans(int source_axis, const PassShape& pass, Allocations& memory)
      : axis_(source_axis),
        lanes_(static_cast<std::size_t>(pass.lanes)),
        spans_(memory.make<SourceSpan>(MemoryUse::activations,
                                       lanes_ * static_cast<std::size_t>(pass.times))) {}

  // On one thread, before a window's forward pass; `window` is on the target's axis.
  void find(const WindowView& window);

  int axis() const { return axis_; }
  const SourceSpan& at(int t, int lane) const {
    return spans_[static_cast<std::size_t>(t) * lanes_ + static_cast<std::size_t>(lane)];
  }

 private:
  int axis_;
  std::size_t lanes_;
  Buffer<SourceSpan> spans_;  // [t][lane]
};

}  // namespace rondo
