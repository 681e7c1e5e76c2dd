// attend_step and its way back (kernels/attention/step.hpp). Vectors run along units, a panel at a
// time, and along positions where these are numbers. Padding holds +0 and adds +0.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/attention/step.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include "kernels/gates/gates-inl.hpp"
// clang-format on

#include "kernels/attention/positions.hpp"
#include "kernels/reference/attention.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/attention/step.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

using namespace cells;
using reference::row_at;

constexpr std::size_t size = hn::MaxLanes(tag);
constexpr std::size_t of_panel = sum_accumulators / size;  // vectors

// Calls body(i, u) for the vectors of a panel: number i, units from u on.
template <class Body>
HWY_INLINE void for_each_vector_of(int width, Body body) {
  for (std::size_t i = 0; i < of_panel; ++i) {
    if (i * size < static_cast<std::size_t>(width)) body(i, i * size);
  }
}

// The tree over 64 accumulators.
#if HWY_TARGET == HWY_SCALAR
HWY_INLINE float join(Vector (&sums)[of_panel]) {
  float values[sum_accumulators];
  for (std::size_t i = 0; i < of_panel; ++i) values[i] = hn::GetLane(sums[i]);
  return join_accumulators(values);
}
#else
HWY_INLINE float join(Vector (&sums)[of_panel]) {
  for (std::size_t count = of_panel / 2; count > 0; count /= 2) {
    for (std::size_t i = 0; i < count; ++i) {
      sums[i] = hn::Add(hn::ConcatEven(tag, sums[2 * i + 1], sums[2 * i]),
                        hn::ConcatOdd(tag, sums[2 * i + 1], sums[2 * i]));
    }
  }
  Vector x = sums[0];
  for (std::size_t count = size; count > 1; count /= 2) {
    x = hn::Add(hn::ConcatEven(tag, x, x), hn::ConcatOdd(tag, x, x));
  }
  return hn::GetLane(x);
}
#endif

// The sum over units in its order; term(sum, j, u) gives the next value of a vector of accumulators
// from the units at u of panel j.
template <class Term>
HWY_INLINE float sum_of_units(const Panels& units, Term term) {
  constexpr int chunk_panels = static_cast<int>(sum_chunk / sum_accumulators);
  TreeFold<float> chunks;
  for (int begin = 0; begin < units.count(); begin += chunk_panels) {
    Vector sums[of_panel];
    for (Vector& sum : sums) sum = hn::Zero(tag);
    for (int j = begin; j < std::min(begin + chunk_panels, units.count()); ++j) {
      for_each_vector_of(units.width(j), [&](std::size_t i, std::size_t u)
                                             HWY_ATTR { sums[i] = term(sums[i], j, u); });
    }
    const float sum = join(sums);
    if (units.count() <= chunk_panels) return sum;
    chunks.push(sum);
  }
  return chunks.total();
}

// Calls next(values) for all positions' numbers, a vector at a time.
template <class Next>
HWY_INLINE void change_all(float* numbers, int positions, Next next) {
  std::size_t left = static_cast<std::size_t>(positions);
  for (; left >= size; left -= size, numbers += size) store(next(load(numbers)), numbers);
  if (left == 0) return;
  const auto mask = hn::FirstN(tag, left);
  hn::BlendedStore(next(hn::MaskedLoad(mask, tag, numbers)), mask, tag, numbers);
}

// Sum of term(position) in the order of a vector sum.
template <class Term>
HWY_INLINE float sum_of_positions(int positions, Term term) {
  if (positions > static_cast<int>(sum_accumulators)) {
    return sum_over_positions<float>(positions, term);
  }
  float values[sum_accumulators] = {};
  for (int i = 0; i < positions; ++i) values[i] = term(i);
  Vector sums[of_panel];
  for (std::size_t i = 0; i < of_panel; ++i) sums[i] = load(values + i * size);
  return join(sums);
}

HWY_INLINE void make_scores(const AttentionStep<float>& step) {
  const LaneVector<const float> query(step.query, step.units, step.lanes, step.lane);
  for (int position = 0; position < step.positions; ++position) {
    const auto key =
        row_at(step.keys, step.key_stride, position, step.units, step.lanes, step.source_lane);
    step.weights[position] =
        step.score == nullptr
            ? sum_of_units(step.units,
                           [&](Vector sum, int j, std::size_t u) HWY_ATTR {
                             return hn::MulAdd(load(query.panel(j) + u), load(key.panel(j) + u),
                                               sum);
                           })
            : sum_of_units(step.units, [&](Vector sum, int j, std::size_t u) HWY_ATTR {
                const Vector both = hn::Add(load(query.panel(j) + u), load(key.panel(j) + u));
                return hn::MulAdd(load(step.score + j * Panels::full + u), elementwise::tanh(both),
                                  sum);
              });
  }
}

}  // namespace

void attend_step_vector(const AttentionStep<float>& step, float* context) {
  make_scores(step);
  float* const weights = step.weights;
  const Vector maximum =
      all(largest_of_positions<float>(step.positions, [&](int i) { return weights[i]; }));
  change_all(weights, step.positions,
             [&](Vector score) HWY_ATTR { return elementwise::exp(hn::Sub(score, maximum)); });
  const Vector sum = all(sum_of_positions(step.positions, [&](int i) { return weights[i]; }));
  change_all(weights, step.positions,
             [&](Vector value) HWY_ATTR { return flushed(hn::Div(value, sum)); });
  const Panels& units = step.state_units;
  const LaneVector<float> out(context, units, step.lanes, step.lane);
  for (int j = 0; j < units.count(); ++j) {
    Vector chains[of_panel];
    for (Vector& chain : chains) chain = hn::Zero(tag);
    for (int position = 0; position < step.positions; ++position) {
      const float* const state =
          row_at(step.states, step.state_stride, position, units, step.lanes, step.source_lane)
              .panel(j);
      const Vector weight = all(weights[position]);
      for_each_vector_of(units.width(j), [&](std::size_t i, std::size_t u) HWY_ATTR {
        chains[i] = hn::MulAdd(weight, load(state + u), chains[i]);
      });
    }
    for_each_vector_of(units.width(j), [&](std::size_t i, std::size_t u) HWY_ATTR {
      store(flushed(chains[i]), out.panel(j) + u);
    });
  }
}

namespace {

// From the gradient at the context to those at the scores, and its terms of the states'.
HWY_INLINE void differentiate_context(const AttentionStep<float>& step,
                                      const AttentionGradients<float>& gradients) {
  const Panels& units = step.state_units;
  const LaneVector<const float> context(gradients.context, units, step.lanes, step.lane);
  float *const slopes = gradients.weights, *const weights = step.weights;
  for (int position = 0; position < step.positions; ++position) {
    const auto state =
        row_at(step.states, step.state_stride, position, units, step.lanes, step.source_lane);
    const auto gradient =
        row_at(gradients.states, step.state_stride, position, units, step.lanes, step.source_lane);
    const Vector weight = all(weights[position]);
    slopes[position] = sum_of_units(units, [&](Vector sum, int j, std::size_t u) HWY_ATTR {
      const Vector above = load(context.panel(j) + u);
      float* const to = gradient.panel(j) + u;
      store(hn::MulAdd(weight, above, load(to)), to);
      return hn::MulAdd(above, load(state.panel(j) + u), sum);
    });
  }
  const float mean =
      sum_of_positions(step.positions, [&](int i) { return weights[i] * slopes[i]; });
  for (int i = 0; i < step.positions; ++i) {
    slopes[i] = rondo::flushed(weights[i] * (slopes[i] - mean));
  }
}

// Of panel j's units, all positions.
HWY_INLINE void differentiate_products(const AttentionStep<float>& step,
                                       const AttentionGradients<float>& gradients, int j) {
  const int width = step.units.width(j);
  const float* const query =
      LaneVector<const float>(step.query, step.units, step.lanes, step.lane).panel(j);
  float* const query_gradient =
      LaneVector<float>(gradients.query, step.units, step.lanes, step.lane).panel(j);
  Vector chains[of_panel];
  for_each_vector_of(
      width, [&](std::size_t i, std::size_t u) HWY_ATTR { chains[i] = load(query_gradient + u); });
  for (int position = 0; position < step.positions; ++position) {
    const float* const key =
        row_at(step.keys, step.key_stride, position, step.units, step.lanes, step.source_lane)
            .panel(j);
    float* const key_gradient =
        row_at(gradients.keys, step.key_stride, position, step.units, step.lanes, step.source_lane)
            .panel(j);
    const Vector d = all(gradients.weights[position]);
    for_each_vector_of(width, [&](std::size_t i, std::size_t u) HWY_ATTR {
      store(hn::MulAdd(d, load(query + u), load(key_gradient + u)), key_gradient + u);
      chains[i] = hn::MulAdd(d, load(key + u), chains[i]);
    });
  }
  for_each_vector_of(width, [&](std::size_t i, std::size_t u)
                                HWY_ATTR { store(flushed(chains[i]), query_gradient + u); });
}

HWY_INLINE void differentiate_sums(const AttentionStep<float>& step,
                                   const AttentionGradients<float>& gradients, int j) {
  const auto row = [&](auto* values) {
    return LaneVector(values, step.units, step.lanes, step.lane).panel(j);
  };
  const float* const query = row(step.query);
  const float* const score = step.score + j * Panels::full;
  float *const query_gradient = row(gradients.query), *const score_gradient = row(gradients.score);
  for_each_vector_of(step.units.width(j), [&](std::size_t, std::size_t u) HWY_ATTR {
    const Vector asked = load(query + u), v = load(score + u);
    Vector sum = load(query_gradient + u), chain = hn::Zero(tag);
    for (int position = 0; position < step.positions; ++position) {
      const float* const key =
          row_at(step.keys, step.key_stride, position, step.units, step.lanes, step.source_lane)
              .panel(j);
      float* const key_gradient = row_at(gradients.keys, step.key_stride, position, step.units,
                                         step.lanes, step.source_lane)
                                      .panel(j);
      const Vector d = all(gradients.weights[position]);
      const Vector e = elementwise::tanh(hn::Add(asked, load(key + u)));
      const Vector slope = hn::Mul(hn::Mul(d, v), hn::NegMulAdd(e, e, all(1)));
      store(hn::Add(load(key_gradient + u), slope), key_gradient + u);
      sum = hn::Add(sum, slope);
      chain = hn::MulAdd(d, e, chain);
    }
    store(flushed(sum), query_gradient + u);
    store(flushed(chain), score_gradient + u);
  });
}

}  // namespace

void attend_step_backward_vector(const AttentionStep<float>& step,
                                 const AttentionGradients<float>& gradients) {
  differentiate_context(step, gradients);
  for (int j = 0; j < step.units.count(); ++j) {
    step.score == nullptr ? differentiate_products(step, gradients, j)
                          : differentiate_sums(step, gradients, j);
  }
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(attend_step_vector);
HWY_EXPORT(attend_step_backward_vector);

template <>
void attend_step(const AttentionStep<float>& step, float* context) {
  RONDO_DISPATCH(attend_step_vector, reference::attend_step, step, context);
}
template <>
void attend_step(const AttentionStep<double>& step, double* context) {
  reference::attend_step(step, context);
}

template <>
void attend_step_backward(const AttentionStep<float>& step,
                          const AttentionGradients<float>& gradients) {
  RONDO_DISPATCH(attend_step_backward_vector, reference::attend_step_backward, step, gradients);
}
template <>
void attend_step_backward(const AttentionStep<double>& step,
                          const AttentionGradients<double>& gradients) {
  reference::attend_step_backward(step, gradients);
}

}  // namespace rondo::kernels
#endif
