// What the normalised cells' vector kernels share: sums over a lane's units, normalisation and its
// derivative. Included once per vector target (hwy/foreach_target.h). Twin:
// src/kernels/reference/normalized.hpp.
#if defined(RONDO_KERNELS_NORMALIZE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_NORMALIZE_INL
#undef RONDO_KERNELS_NORMALIZE_INL
#else
#define RONDO_KERNELS_NORMALIZE_INL
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "kernels/gates/gates-inl.hpp"
#include "kernels/math/tree_fold.hpp"
#include "kernels/normalized/lane_vector.hpp"
#include "kernels/reference/normalized.hpp"
#include "rondo/kernels/normalized/normalized.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace cells {

// Calls unit(j, u) for each vector of units: those from u on of panel j. The last may take padding
// along, which whoever writes it clears.
template <class Unit>
HWY_INLINE void for_each_vector(const Panels& units, Unit unit) {
  const int panels = units.count();
  for (int j = 0; j < panels; ++j) {
    const auto valid = static_cast<std::size_t>(units.valid(j));
    for (std::size_t u = 0; u < valid; u += hn::Lanes(tag)) unit(j, u);
  }
}

// The sum over units in its order; term(sum, j, u) gives the next value of a vector of accumulators
// from the units at u of panel j. A panel is one row of accumulators, a chunk is 64 panels.
template <class Term>
HWY_INLINE float sum_over_units(const Panels& units, Term term) {
  static_assert(Panels::full == static_cast<int>(sum_accumulators));
  constexpr int chunk_panels = static_cast<int>(sum_chunk / sum_accumulators);
  const std::size_t size = hn::Lanes(tag);
  TreeFold<float> chunks;
  for (int begin = 0; begin < units.count(); begin += chunk_panels) {
    const int end = std::min(begin + chunk_panels, units.count());
    const auto rest = static_cast<std::size_t>(units.valid(end - 1));
    float accumulators[sum_accumulators];
    for (std::size_t u = 0; u < sum_accumulators; u += size) {
      Vector sum = hn::Zero(tag);
      for (int j = begin; j < end - 1; ++j) sum = term(sum, j, u);
      if (u + size <= rest) {
        sum = term(sum, end - 1, u);
      } else if (u < rest) {
        sum = hn::IfThenElse(hn::FirstN(tag, rest - u), term(sum, end - 1, u), sum);
      }
      store(sum, accumulators + u);
    }
    chunks.push(join_accumulators(accumulators));
  }
  return chunks.total();
}

using Moments = reference::Moments<float>;

HWY_INLINE Moments moments(const LaneVector<const float>& values) {
  const auto size = static_cast<float>(values.units().units);
  const float mean = sum_over_units(values.units(),
                                    [&](Vector sum, int j, std::size_t u) HWY_ATTR {
                                      return hn::Add(sum, load(values.panel(j) + u));
                                    }) /
                     size;
  const float squares =
      sum_over_units(values.units(), [&](Vector sum, int j, std::size_t u) HWY_ATTR {
        const Vector difference = hn::Sub(load(values.panel(j) + u), all(mean));
        return hn::MulAdd(difference, difference, sum);
      });
  return {mean, 1 / std::sqrt(squares / size + reference::norm_epsilon<float>)};
}

// One vector of a lane on its way forward: made of its moments, then asked for y piece by piece.
class Normalizer {
 public:
  HWY_INLINE Normalizer(const NormalizedForward<float>& s, int lane, int count, int number,
                        const LaneVector<const float>& values)
      : values_(values),
        normal_{s.normal, s.units, s.lanes, lane, count, number},
        gains_(vector_weights(s.gains, s.units, count, number)),
        biases_(vector_weights(s.biases, s.units, count, number)),
        moments_(moments(values)) {
    s.scales[number * s.lanes + lane] = moments_.scale;
  }
  // y of the units at u of panel j; leaves their n.
  HWY_INLINE Vector operator()(int j, std::size_t u) const {
    const Vector difference = hn::Sub(load(values_.panel(j) + u), all(moments_.mean));
    const Vector n = flushed(hn::Mul(difference, all(moments_.scale)));
    store(n, normal_.panel(j) + u);
    return hn::MulAdd(load(gains_.panel(j) + u), n, load(biases_.panel(j) + u));
  }
  void clear_padding() const { normal_.clear_padding(); }

 private:
  LaneVector<const float> values_;
  LaneVector<float> normal_;
  LaneVector<const float> gains_, biases_;
  Moments moments_;
};

// And on its way back: d piece by piece, of which `scale` times is the gradient of what was
// normalised.
class Differentiator {
 public:
  HWY_INLINE Differentiator(const NormalizedBackward<float>& s, int lane, int count, int number)
      : gradient_{s.activated, s.units, s.lanes, lane, count, number},
        normal_{s.normal, s.units, s.lanes, lane, count, number},
        gains_(vector_weights(s.gains, s.units, count, number)),
        scale_(s.scales[number * s.lanes + lane]) {
    const auto size = static_cast<float>(s.units.units);
    mean_ = sum_over_units(s.units,
                           [&](Vector sum, int j, std::size_t u) HWY_ATTR {
                             return hn::MulAdd(load(gradient_.panel(j) + u),
                                               load(gains_.panel(j) + u), sum);
                           }) /
            size;
    along_ = sum_over_units(s.units,
                            [&](Vector sum, int j, std::size_t u) HWY_ATTR {
                              return hn::MulAdd(of_normal(j, u), load(normal_.panel(j) + u), sum);
                            }) /
             size;
  }
  HWY_INLINE Vector operator()(int j, std::size_t u) const {
    return hn::NegMulAdd(all(along_), load(normal_.panel(j) + u),
                         hn::Sub(of_normal(j, u), all(mean_)));
  }
  HWY_INLINE Vector scale() const { return all(scale_); }

 private:
  HWY_INLINE Vector of_normal(int j, std::size_t u) const {
    return hn::Mul(load(gradient_.panel(j) + u), load(gains_.panel(j) + u));
  }

  LaneVector<const float> gradient_, normal_, gains_;
  float scale_, mean_ = 0, along_ = 0;
};

// Gradients of the sums of slots 0 .. slots - 1, from those of their y.
HWY_INLINE void differentiate_slots(const NormalizedBackward<float>& s, int lane, int slots,
                                    int count) {
  for (int slot = 0; slot < slots; ++slot) {
    const LaneVector<float> sums{s.gates, s.units, s.lanes, lane, slots, slot};
    const Differentiator gradient(s, lane, count, slot);
    for_each_vector(s.units, [&](int j, std::size_t u) HWY_ATTR {
      store(flushed(hn::Mul(gradient.scale(), gradient(j, u))), sums.panel(j) + u);
    });
    sums.clear_padding();
  }
}

// Stores this step's output of a lane, and the state that the next step reads.
template <class Value>
HWY_INLINE void store_hidden(const NormalizedForward<float>& s, int lane, Value value) {
  const LaneVector<float> hidden{s.hidden, s.units, s.lanes, lane};
  const LaneVector<float> state{s.state, s.units, s.lanes, lane};
  const bool reset = s.reset_next != nullptr && s.reset_next[lane] != 0;
  for_each_vector(s.units, [&](int j, std::size_t u) HWY_ATTR {
    const Vector h = flushed(value(j, u));
    store(h, hidden.panel(j) + u);
    store(reset ? hn::Zero(tag) : h, state.panel(j) + u);
  });
  hidden.clear_padding();
  state.clear_padding();
}

}  // namespace cells
}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RONDO_KERNELS_NORMALIZE_INL
