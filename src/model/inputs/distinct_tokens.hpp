// The different tokens of a window: what a layer makes of an embedding need be computed once for
// each of them, not once for each place where one stands. A window of 2,048 places of a text of 65
// characters has at most 65.
#pragma once

#include "model/allocations.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

class DistinctTokens {
 public:
  // The most that are listed: half of a window's places, as more are not worth the copies.
  static int most(int vocabulary, const PassShape& shape);

  DistinctTokens(int vocabulary, const PassShape& shape, Allocations& memory);

  // Lists the tokens of a window in the order in which they first stand there, or none of them if
  // they are more than the most.
  void list(const WindowView& window, int column);
  // Lists none.
  void forget();

  int most() const { return most_; }
  int count() const { return count_; }
  std::int32_t token(int number) const { return tokens_[static_cast<std::size_t>(number)]; }
  // The numbers of step t's tokens, one a lane, and how far it is to the next step's; there where
  // tokens are listed.
  const std::int32_t* numbers(int t) const {
    return places_.data() + static_cast<std::size_t>(t) * stride();
  }
  std::size_t stride() const { return static_cast<std::size_t>(lanes_); }

 private:
  int lanes_, most_;
  Buffer<std::int32_t> tokens_;   // [number]
  Buffer<std::int32_t> numbers_;  // [token]; -1: not listed
  Buffer<std::int32_t> places_;   // [t][lane]: its token's number
  int count_ = 0;
};

// Their rows of the embedding, as one time step of an activation whose lanes are their numbers.
template <class Real>
struct DistinctRows {
  DistinctRows(int vocabulary, const Panels& panels, const PassShape& shape, Allocations& memory)
      : tokens(vocabulary, shape, memory),
        panels(panels),
        rows(memory.make<Real>(MemoryUse::activations, panels.step_size(tokens.most()))) {}

  DistinctTokens tokens;
  Panels panels;
  Buffer<Real> rows;  // [panel][number][width]
};

}  // namespace rondo
