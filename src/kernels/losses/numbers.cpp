// number_loss (kernels/losses/numbers.hpp): one body for every vector target, since a step has few
// numbers and many products.
#include "rondo/kernels/losses/numbers.hpp"

#include <cmath>

#include "rondo/core/exact_math.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo::kernels {
namespace {

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

template <class Real, class At>
double loss_of_number(const NumberLoss& of, double target, bool gradient, const At& at) {
  if (of.kind == NumberLossKind::gaussian) return gaussian<Real>(target, gradient, at);
  const int parts = of.parts();
  double sum = 0;
  for (int p = 0; p < parts; ++p) {
    const double d = static_cast<double>(at(p)) - target;
    const Sloped sloped = of.kind == NumberLossKind::squared    ? squared(d)
                          : of.kind == NumberLossKind::absolute ? absolute(d)
                          : of.kind == NumberLossKind::huber
                              ? huber(d, of.delta)
                              : quantile(d, of.quantiles[static_cast<std::size_t>(p)]);
    sum += sloped.loss;
    if (gradient) at(p) = flushed(static_cast<Real>(sloped.slope / parts));
  }
  return sum / parts;
}

}  // namespace

template <class Real>
void number_loss(const NumberStep<Real>& step) {
  const Panels panels = step.panels();
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    const float* const target = step.target + static_cast<std::ptrdiff_t>(lane) * step.width;
    double sum = 0;
    for (int i = 0; i < step.width; ++i) {
      const auto at = [&](int part) -> Real& {
        return step.outputs[panels.index(lane, part * step.width + i, step.lanes)];
      };
      if (!std::isnan(target[i])) {
        sum += loss_of_number<Real>(*step.of, static_cast<double>(target[i]), step.gradient, at);
      } else if (step.gradient) {
        for (int part = 0; part < step.of->parts(); ++part) at(part) = 0;
      }
    }
    step.loss[lane] = sum;
    if (!step.gradient) continue;
    for (int unit = panels.units; unit < panels.padded(); ++unit) {
      step.outputs[panels.index(lane, unit, step.lanes)] = 0;
    }
  }
}

template void number_loss(const NumberStep<float>&);
template void number_loss(const NumberStep<double>&);

}  // namespace rondo::kernels
