// A language model that reads a token a lane at a time, in lanes side by side, each from where it
// stood.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rondo/core/thread_pool.hpp"
#include "rondo/core/window.hpp"
#include "rondo/model/network.hpp"

namespace rondo::tasks {

template <class Real>
class TokenLanes {
 public:
  // `layout`, the plan's, and `parameters`, which do not change meanwhile, and `pool` outlive it.
  TokenLanes(const NetworkPlan& model, const ParameterLayout& layout, const Real* parameters,
             int lanes, ThreadPool& pool);

  int tokens() const { return network_.outputs(); }
  // Each of the first lanes, as many as there are of them, reads its token; the others stay as they
  // are. `anew`: from a fresh state.
  void read(std::span<const std::int32_t> tokens, bool anew);
  // Lane i goes on from where lane from[i] stood; of all lanes.
  void reorder(std::span<const int> from) { network_.reorder(from); }
  // Of each token that may come next in a lane that has just read.
  void logits(int lane, std::span<Real> to) const { network_.outputs(0, lane, to); }

 private:
  ThreadPool& pool_;
  Network<Real> network_;
  Window step_;
};

}  // namespace rondo::tasks
