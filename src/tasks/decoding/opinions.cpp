#include "tasks/decoding/opinions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rondo/core/exact_math.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo::tasks {

void log_softmax(std::span<const double> logits, std::span<double> to, std::vector<double>& room) {
  const double most = *std::ranges::max_element(logits);
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = logits[i] - most;
  room.resize(to.size());
  kernels::exp<double>(to, room);
  const double sum = kernels::sum(room);
  if (!std::isfinite(sum)) {
    std::ranges::fill(to, -std::numeric_limits<double>::infinity());
    return;
  }
  const double whole = exact::log(sum);
  for (double& logit : to) logit -= whole;
}

std::span<double> Opinions::of_lane(int lane) {
  own_.resize(static_cast<std::size_t>(voters_.front()->symbols()));
  if (voters_.size() == 1) {
    voters_.front()->logits(lane, own_);
    log_softmax(own_, own_, room_);
    return own_;
  }
  sum_.assign(own_.size(), 0);
  for (const StepScorer* voter : voters_) {
    voter->logits(lane, own_);
    log_softmax(own_, own_, room_);
    kernels::exp<double>(own_, own_);
    for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += own_[i];
  }
  for (double& share : sum_) {
    share = std::min(exact::log(share / static_cast<double>(voters_.size())), 0.0);
  }
  return sum_;
}

}  // namespace rondo::tasks
