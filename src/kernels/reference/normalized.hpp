// Plain twins of kernels/normalized, unit by unit: the expressions below are the definition, and
// the vector code in normalized_*.cpp follows them operation by operation.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "kernels/math/tree_fold.hpp"
#include "kernels/normalized/lane_vector.hpp"
#include "kernels/reference/gates.hpp"
#include "kernels/reference/math.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/normalized/normalized.hpp"

namespace rondo::kernels::reference {

template <class Real>
constexpr Real norm_epsilon = Real(1e-5);

// The sum over units in its order; term(sum, unit) gives the accumulator's next value.
template <class Real, class Term>
RONDO_FUSED Real sum_over_units(int units, Term term) {
  TreeFold<Real> chunks;
  constexpr int chunk = static_cast<int>(sum_chunk);
  for (int begin = 0; begin < units; begin += chunk) {
    Real accumulators[sum_accumulators] = {};
    for (int unit = begin; unit < std::min(units, begin + chunk); ++unit) {
      Real& sum = accumulators[static_cast<std::size_t>(unit) % sum_accumulators];
      sum = term(sum, unit);
    }
    chunks.push(join_accumulators(accumulators));
  }
  return chunks.total();
}

template <class Real>
struct Moments {
  Real mean, scale;
};

template <class Real>
RONDO_FUSED Moments<Real> moments(const LaneVector<const Real>& values) {
  const int units = values.units().units;
  const auto size = static_cast<Real>(units);
  const Real mean =
      sum_over_units<Real>(units, [&](Real sum, int unit) { return sum + values[unit]; }) / size;
  const Real squares = sum_over_units<Real>(units, [&](Real sum, int unit) {
    const Real difference = values[unit] - mean;
    return std::fma(difference, difference, sum);
  });
  return {mean, 1 / std::sqrt(squares / size + norm_epsilon<Real>)};
}

// Vector `number` of `count` normalised: leaves n, and its scale, and calls use(unit, y).
template <class Real, class Use>
RONDO_FUSED void normalize(const NormalizedForward<Real>& s, int lane, int count, int number,
                           const LaneVector<const Real>& values, Use use) {
  const auto [mean, scale] = moments(values);
  s.scales[number * s.lanes + lane] = scale;
  const auto gains = vector_weights(s.gains, s.units, count, number);
  const auto biases = vector_weights(s.biases, s.units, count, number);
  const LaneVector<Real> normal{s.normal, s.units, s.lanes, lane, count, number};
  for (int unit = 0; unit < s.units.units; ++unit) {
    const Real n = normal[unit] = flushed((values[unit] - mean) * scale);
    use(unit, std::fma(gains[unit], n, biases[unit]));
  }
  normal.clear_padding();
}

// Calls use(unit, d) with the gradient of vector `number` over its scale, from the gradient of y:
// scale * d is that of what was normalised.
template <class Real, class Use>
RONDO_FUSED void differentiate(const NormalizedBackward<Real>& s, int lane, int count, int number,
                               Use use) {
  const int units = s.units.units;
  const auto size = static_cast<Real>(units);
  const auto gains = vector_weights(s.gains, s.units, count, number);
  const LaneVector<const Real> normal{s.normal, s.units, s.lanes, lane, count, number};
  const LaneVector<const Real> gradient{s.activated, s.units, s.lanes, lane, count, number};
  const Real mean =
      sum_over_units<Real>(
          units, [&](Real sum, int unit) { return std::fma(gradient[unit], gains[unit], sum); }) /
      size;
  const Real along =
      sum_over_units<Real>(units,
                           [&](Real sum, int unit) {
                             return std::fma(gradient[unit] * gains[unit], normal[unit], sum);
                           }) /
      size;
  for (int unit = 0; unit < units; ++unit) {
    use(unit, std::fma(-along, normal[unit], gradient[unit] * gains[unit] - mean));
  }
}

// Gradients of the sums of slots 0 .. slots - 1, from those of their y.
template <class Real>
RONDO_FUSED void differentiate_slots(const NormalizedBackward<Real>& s, int lane, int slots,
                                     int count) {
  for (int slot = 0; slot < slots; ++slot) {
    const LaneVector<Real> sums{s.gates, s.units, s.lanes, lane, slots, slot};
    const Real scale = s.scales[slot * s.lanes + lane];
    differentiate(s, lane, count, slot, [&](int unit, Real d) { sums[unit] = flushed(scale * d); });
    sums.clear_padding();
  }
}

// Vectors of one lane of a step.
template <class Step>
auto lane_of(const Step& s, int lane) {
  return [&s, lane](auto* values, int count = 1, int number = 0) {
    return LaneVector<std::remove_pointer_t<decltype(values)>>{values, s.units, s.lanes,
                                                               lane,   count,   number};
  };
}

// Stores this step's output of a lane, and the state that the next step reads.
template <class Real, class Value>
void store_hidden(const NormalizedForward<Real>& s, int lane, Value value) {
  const LaneVector<Real> hidden{s.hidden, s.units, s.lanes, lane};
  const LaneVector<Real> state{s.state, s.units, s.lanes, lane};
  const bool reset = s.reset_next != nullptr && s.reset_next[lane] != 0;
  for (int unit = 0; unit < s.units.units; ++unit) {
    hidden[unit] = flushed(value(unit));
    state[unit] = reset ? Real{0} : hidden[unit];
  }
  hidden.clear_padding();
  state.clear_padding();
}

template <class Real>
RONDO_FUSED void lstm_norm_forward(const NormalizedForward<Real>& s) {
  for (int lane = s.lane_begin; lane < s.lane_end; ++lane) {
    const auto of = lane_of(s, lane);
    const auto i = of(s.activated, 5, 0), f = of(s.activated, 5, 1), g = of(s.activated, 5, 2);
    const auto o = of(s.activated, 5, 3), y = of(s.activated, 5, 4), c = of(s.cell);
    for (int slot = 0; slot < 4; ++slot) {
      const auto gate = of(s.activated, 5, slot);
      normalize<Real>(s, lane, 5, slot, of(s.gates, 4, slot), [&](int unit, Real a) {
        gate[unit] = flushed(slot == 2 ? tanh(a) : logistic(a));
      });
      gate.clear_padding();
    }
    const bool reset = s.reset[lane] != 0;
    for (int unit = 0; unit < s.units.units; ++unit) {
      const Real previous = reset ? Real{0} : of(s.previous_cell)[unit];
      c[unit] = flushed(std::fma(f[unit], previous, i[unit] * g[unit]));
    }
    c.clear_padding();
    const LaneVector<const Real> cell{s.cell, s.units, s.lanes, lane};
    normalize<Real>(s, lane, 5, 4, cell, [&](int unit, Real a) { y[unit] = flushed(tanh(a)); });
    y.clear_padding();
    store_hidden(s, lane, [&](int unit) { return o[unit] * y[unit]; });
  }
}

template <class Real>
RONDO_FUSED void lstm_norm_backward(const NormalizedBackward<Real>& s) {
  for (int lane = s.lane_begin; lane < s.lane_end; ++lane) {
    const auto of = lane_of(s, lane);
    const auto i = of(s.activated, 5, 0), f = of(s.activated, 5, 1), g = of(s.activated, 5, 2);
    const auto o = of(s.activated, 5, 3), y = of(s.activated, 5, 4), dc = of(s.cell_gradient);
    for (int unit = 0; unit < s.units.units; ++unit) {
      const Real dh = flushed(of(s.hidden_gradient)[unit]), out = o[unit];
      o[unit] = flushed(logistic_gradient(dh * y[unit], out));
      y[unit] = flushed(tanh_gradient(dh * out, y[unit]));
    }
    const bool reset = s.reset[lane] != 0;
    const Real scale = s.scales[4 * s.lanes + lane];
    differentiate(s, lane, 5, 4, [&](int unit, Real d) {
      const Real previous = reset ? Real{0} : of(s.previous_cell)[unit];
      const Real d_c = std::fma(scale, d, dc[unit]);
      const Real in = i[unit], forget = f[unit], new_ = g[unit];
      i[unit] = flushed(logistic_gradient(d_c * new_, in));
      f[unit] = flushed(logistic_gradient(d_c * previous, forget));
      g[unit] = flushed(tanh_gradient(d_c * in, new_));
      dc[unit] = reset ? Real{0} : flushed(d_c * forget);
    });
    dc.clear_padding();
    differentiate_slots(s, lane, 4, 5);
    const auto next = of(s.next_hidden_gradient);
    for (int unit = 0; unit < s.units.units; ++unit) {
      next[unit] = s.from_above != nullptr ? flushed(of(s.from_above)[unit]) : Real{0};
    }
    next.clear_padding();
  }
}

template <class Real>
RONDO_FUSED void gru_norm_forward(const NormalizedForward<Real>& s) {
  for (int lane = s.lane_begin; lane < s.lane_end; ++lane) {
    const auto of = lane_of(s, lane);
    const auto r = of(s.activated, 4, 0), z = of(s.activated, 4, 1);
    const auto n = of(s.activated, 4, 2), m = of(s.activated, 4, 3);
    const auto take = [&](int slot, auto activation) {
      const auto gate = of(s.activated, 4, slot);
      normalize<Real>(s, lane, 4, slot, of(s.gates, 4, slot),
                      [&](int unit, Real a) { gate[unit] = activation(unit, a); });
      gate.clear_padding();
    };
    take(0, [](int, Real a) { return flushed(logistic(a)); });
    take(1, [](int, Real a) { return flushed(logistic(a)); });
    take(3, [](int, Real a) { return a; });
    take(2, [&](int unit, Real a) { return flushed(tanh(std::fma(r[unit], m[unit], a))); });
    const bool reset = s.reset[lane] != 0;
    store_hidden(s, lane, [&](int unit) {
      const Real previous = reset ? Real{0} : of(s.previous_hidden)[unit];
      return std::fma(z[unit], previous - n[unit], n[unit]);
    });
  }
}

template <class Real>
RONDO_FUSED void gru_norm_backward(const NormalizedBackward<Real>& s) {
  for (int lane = s.lane_begin; lane < s.lane_end; ++lane) {
    const auto of = lane_of(s, lane);
    const auto r_slot = of(s.activated, 4, 0), z_slot = of(s.activated, 4, 1);
    const auto n_slot = of(s.activated, 4, 2), m_slot = of(s.activated, 4, 3);
    const auto next = of(s.next_hidden_gradient);
    const bool reset = s.reset[lane] != 0;
    for (int unit = 0; unit < s.units.units; ++unit) {
      const Real r = r_slot[unit], z = z_slot[unit], n = n_slot[unit], m = m_slot[unit];
      const Real previous = reset ? Real{0} : of(s.previous_hidden)[unit];
      const Real dh = flushed(of(s.hidden_gradient)[unit]);
      const Real above = s.from_above != nullptr ? of(s.from_above)[unit] : Real{0};
      const Real dn = flushed(tanh_gradient(dh * (1 - z), n));
      r_slot[unit] = flushed(logistic_gradient(dn * m, r));
      z_slot[unit] = flushed(logistic_gradient(dh * (previous - n), z));
      n_slot[unit] = dn;
      m_slot[unit] = flushed(dn * r);
      next[unit] = flushed(reset ? above : std::fma(dh, z, above));
    }
    next.clear_padding();
    differentiate_slots(s, lane, 4, 4);
  }
}

}  // namespace rondo::kernels::reference
