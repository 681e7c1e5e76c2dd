// What several models think together of the symbols that may come next.
#pragma once

#include <span>
#include <vector>

#include "rondo/tasks/decoding.hpp"

namespace rondo::tasks {

// Natural logarithms of the probabilities that logits mean, in double: x - the maximum - log of the
// sum, which is a vector's (kernels/math/math.hpp). `logits` and `to` may be the same. Where a
// logit is no number nothing is possible: all are minus infinity.
void log_softmax(std::span<const double> logits, std::span<double> to, std::vector<double>& room);

// Of one thread; keeps its memory.
class Opinions {
 public:
  explicit Opinions(std::span<StepScorer* const> voters) : voters_(voters) {}

  // The log probabilities of all symbols in a lane: of one voter its own, of several the logarithm
  // of the mean of the probabilities, which are added in the voters' order.
  std::span<double> of_lane(int lane);

 private:
  std::span<StepScorer* const> voters_;
  std::vector<double> own_, sum_, room_;
};

}  // namespace rondo::tasks
