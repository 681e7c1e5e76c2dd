// number_loss (kernels/losses/numbers.hpp): one body for every vector target, since a step has few
// numbers and many products.
#include "rondo/kernels/losses/numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "rondo/core/exact_math.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo::kernels {
namespace {

constexpr int lanes_together = 4;

// A loss, and its slope at what is said.
struct Sloped {
  double loss, slope;
};

Sloped squared(double d) { return {d * d, 2 * d}; }

// d * 0 is +-0, and of a NaN one.
Sloped absolute(double d) { return {std::abs(d), d > 0 ? 1.0 : d < 0 ? -1.0 : d * 0}; }

Sloped huber(double d, double delta) {
  const double far = std::abs(d);
  if (far > delta) return {delta * (far - 0.5 * delta), d > 0 ? delta : -delta};
  return {0.5 * d * d, d};
}

Sloped quantile(double d, double q) {
  return {d < 0 ? -d * q : d * (1 - q), d > 0 ? 1 - q : d < 0 ? -q : d * 0};
}

// `at(part)` is what is said, and afterwards, if `gradient`, the gradient at it.
template <class Real, class At>
double gaussian(double target, bool gradient, const At& at) {
  const auto said = static_cast<double>(at(1));
  const double s = said > most_log_deviation    ? most_log_deviation
                   : said < -most_log_deviation ? -most_log_deviation
                                                : said;
  const double inverse = exact::exp(-s);
  const double z = (static_cast<double>(at(0)) - target) * inverse;
  if (gradient) {
    at(0) = flushed(static_cast<Real>(z * inverse));
    at(1) = std::abs(said) > most_log_deviation ? Real{0} : flushed(static_cast<Real>(1 - z * z));
  }
  return s + half_log_two_pi + 0.5 * z * z;
}

// Of what is said in several parts.
template <class Real, class At>
double loss_of_parts(const NumberLoss& of, double target, bool gradient, const At& at) {
  if (of.kind == NumberLossKind::gaussian) return gaussian<Real>(target, gradient, at);
  const int parts = of.parts();
  double sum = 0;
  for (int p = 0; p < parts; ++p) {
    const Sloped sloped =
        quantile(static_cast<double>(at(p)) - target, of.quantiles[static_cast<std::size_t>(p)]);
    sum += sloped.loss;
    if (gradient) at(p) = flushed(static_cast<Real>(sloped.slope / parts));
  }
  return sum / parts;
}

template <class Real>
void losses_of_parts(const NumberStep<Real>& step) {
  const Panels panels = step.panels();
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    const float* const target = step.target + static_cast<std::ptrdiff_t>(lane) * step.width;
    double sum = 0;
    for (int i = 0; i < step.width; ++i) {
      const auto at = [&](int part) -> Real& {
        return step.outputs[panels.index(lane, part * step.width + i, step.lanes)];
      };
      if (!std::isnan(target[i])) {
        sum += loss_of_parts<Real>(*step.of, static_cast<double>(target[i]), step.gradient, at);
      } else if (step.gradient) {
        for (int part = 0; part < step.of->parts(); ++part) at(part) = 0;
      }
    }
    step.loss[lane] = sum;
  }
}

// Of `count` neighbouring lanes, what is said being one number. Side by side, as the sum of each is
// one chain of additions, which wait for one another.
template <class Real, class Slope>
void losses_of_lanes(const NumberStep<Real>& step, int first, int count, const Slope& slope) {
  const Panels panels = step.panels();
  std::array<double, lanes_together> sums{};
  for (int i = 0; i < step.width; ++i) {
    Real* said = step.outputs + panels.index(first, i, step.lanes);
    const int next = panels.width(i / Panels::full);
    const float* target = step.target + static_cast<std::ptrdiff_t>(first) * step.width + i;
    for (int lane = 0; lane < count; ++lane, said += next, target += step.width) {
      const bool counts = !std::isnan(*target);
      const Sloped sloped = slope(static_cast<double>(*said) - static_cast<double>(*target));
      if (counts) sums[static_cast<std::size_t>(lane)] += sloped.loss;
      if (step.gradient) *said = counts ? flushed(static_cast<Real>(sloped.slope)) : Real{0};
    }
  }
  std::copy_n(sums.begin(), count, step.loss + first);
}

template <class Real, class Slope>
void losses_of_numbers(const NumberStep<Real>& step, const Slope& slope) {
  for (int lane = step.lane_begin; lane < step.lane_end; lane += lanes_together) {
    losses_of_lanes(step, lane, std::min(lanes_together, step.lane_end - lane), slope);
  }
}

template <class Real>
void clear_padding(const NumberStep<Real>& step) {
  const Panels panels = step.panels();
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    for (int unit = panels.units; unit < panels.padded(); ++unit) {
      step.outputs[panels.index(lane, unit, step.lanes)] = 0;
    }
  }
}

}  // namespace

template <class Real>
void number_loss(const NumberStep<Real>& step) {
  switch (step.of->kind) {
    case NumberLossKind::squared:
      losses_of_numbers(step, squared);
      break;
    case NumberLossKind::absolute:
      losses_of_numbers(step, absolute);
      break;
    case NumberLossKind::huber:
      losses_of_numbers(step, [&](double d) { return huber(d, step.of->delta); });
      break;
    case NumberLossKind::gaussian:
    case NumberLossKind::quantile:
      losses_of_parts(step);
      break;
  }
  if (step.gradient) clear_padding(step);
}

template void number_loss(const NumberStep<float>&);
template void number_loss(const NumberStep<double>&);

}  // namespace rondo::kernels
