// Losses of real outputs: of numbers that a network is to say, at one time step.
#pragma once

#include <cstdint>
#include <vector>

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

enum class NumberLossKind : std::uint8_t { squared, absolute, huber, gaussian, quantile };

// What is minimised. With x the target, y what is said of it, d = y - x:
//   squared    d^2                                             (torch.nn.MSELoss)
//   absolute   |d|                                             (L1Loss)
//   huber      d^2 / 2 up to |d| = delta, then delta (|d| - delta / 2)   (HuberLoss)
//   gaussian   of a mean m and the logarithm s of a deviation, which is clamped to
//              +-most_log_deviation: s + log(2 pi) / 2 + ((m - x) / exp(s))^2 / 2, the negative
//              logarithm of the density
//   quantile   the mean over the quantiles q of max(q (x - y), (q - 1) (x - y)), y being what is
//              said of q (Koenker & Bassett 1978)
struct NumberLoss {
  NumberLossKind kind = NumberLossKind::squared;
  double delta = 1;                    // of huber
  std::vector<double> quantiles = {};  // of quantile, ascending

  // Outputs that say one number: gaussian the mean and the logarithm of the deviation, quantile one
  // a quantile.
  int parts() const {
    if (kind == NumberLossKind::gaussian) return 2;
    return kind == NumberLossKind::quantile ? static_cast<int>(quantiles.size()) : 1;
  }
};

inline constexpr double most_log_deviation = 7;  // of a gaussian, either way
inline constexpr double half_log_two_pi = 0.91893853320467274178;

// `outputs` is an activation of width * parts() values in panels, `lanes` lanes wide (panels.hpp):
// those of part p of number i are unit p * width + i. For each lane in [lane_begin, lane_end):
//   loss[lane] = the numbers' losses, added ascending from +0, in double throughout;
//   gradient, if asked for, in place of the outputs: computed in double and rounded once; +0 where
//   y = x has no slope (absolute, quantile), and of the deviation where it is clamped; small values
//   and padding +0.
// A target that is NaN is masked: loss +0, gradient +0. What is said and is NaN stays so.
template <class Real>
struct NumberStep {
  const NumberLoss* of = nullptr;
  int width = 0;  // numbers
  int lanes = 0;
  int lane_begin = 0, lane_end = 0;
  Real* outputs = nullptr;
  const float* target = nullptr;  // [lane][width]
  double* loss = nullptr;         // [lane]
  bool gradient = false;

  Panels panels() const { return {width * of->parts()}; }
};

template <class Real>
void number_loss(const NumberStep<Real>& step);

}  // namespace rondo::kernels
