// logistic_cross_entropy (kernels/losses/logistic.hpp): one body for every vector target, since a
// sequence has one row of labels and many steps of products.
#include "rondo/kernels/losses/logistic.hpp"

#include <algorithm>

#include "kernels/math/tree_fold.hpp"
#include "kernels/reference/math.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/core/labels.hpp"

namespace rondo::kernels {
namespace {

template <class Real>
Real magnitude(Real x) {
  return x < 0 ? -x : x;
}

// The terms' sum, of which `turned` says s of a label.
template <class Real, class Turned>
Real sum_of_terms(int labels, Turned turned) {
  constexpr int chunk = static_cast<int>(sum_chunk), width = static_cast<int>(sum_accumulators);
  TreeFold<Real> chunks;
  for (int begin = 0; begin < labels; begin += chunk) {
    Real sums[sum_accumulators] = {};
    for (int label = begin; label < std::min(begin + chunk, labels); ++label) {
      const Real s = turned(label);
      const Real rest = reference::log(Real{1} + reference::exp(-magnitude(s)));
      sums[label % width] += (s > 0 ? s : Real{0}) + rest;
    }
    chunks.push(join_accumulators(sums));
  }
  return chunks.total();
}

}  // namespace

template <class Real>
void logistic_cross_entropy(const LogisticStep<Real>& step) {
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    const std::int32_t* const words = step.target + static_cast<std::ptrdiff_t>(lane) * step.words;
    const bool masked = words[0] < 0;
    const auto logit = [&](int label) -> Real& {
      return step.logits[step.labels.index(lane, label, step.lanes)];
    };
    const auto has = [&](int label) { return has_label(words, step.first + label); };
    if (step.loss != nullptr) {
      step.loss[lane] =
          masked ? 0.0 : static_cast<double>(sum_of_terms<Real>(step.labels.units, [&](int label) {
            return has(label) ? -logit(label) : logit(label);
          }));
    }
    if (!step.gradient) continue;
    for (int label = 0; label < step.labels.padded(); ++label) {
      Real& at = logit(label);
      if (masked || label >= step.labels.units) {
        at = 0;
      } else {
        at = flushed(has(label) ? -reference::logistic(-at) : reference::logistic(at));
      }
    }
  }
}

template void logistic_cross_entropy(const LogisticStep<float>&);
template void logistic_cross_entropy(const LogisticStep<double>&);

}  // namespace rondo::kernels
