// What the cells' vector kernels share: the walk over lanes and units, and the derivatives.
// Included once per vector target (hwy/foreach_target.h). Twins: src/kernels/reference/gates/.
#if defined(RONDO_KERNELS_GATES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_GATES_INL
#undef RONDO_KERNELS_GATES_INL
#else
#define RONDO_KERNELS_GATES_INL
#endif

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <type_traits>

#include "kernels/math/math-inl.hpp"
#include "rondo/kernels/gates/gates.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace cells {

namespace hn = hwy::HWY_NAMESPACE;
using elementwise::all;
using elementwise::flushed;
using elementwise::flushed_logistic;
using elementwise::Pair;
using elementwise::tag;
using elementwise::Vector;

// As many neighbouring values as a vector, or a pair of them, has room for.
template <class V = Vector>
HWY_INLINE V load(const float* values) {
  if constexpr (std::is_same_v<V, Vector>) {
    return hn::LoadU(tag, values);
  } else {
    return {hn::LoadU(tag, values), hn::LoadU(tag, values + hn::MaxLanes(tag))};
  }
}
HWY_INLINE void store(const Vector& values, float* to) { hn::StoreU(values, tag, to); }
HWY_INLINE void store(const Pair& values, float* to) {
  store(values.first, to);
  store(values.second, to + hn::MaxLanes(tag));
}

// The values, or +0 where the lane is reset: a selection, never a product.
template <class V = Vector>
HWY_INLINE V load_unless(bool reset, const float* values) {
  return reset ? all<V>(0) : load<V>(values);
}

template <class V>
HWY_INLINE V logistic_gradient(V d, V y) {
  return Mul(d, Mul(y, Sub(all<V>(1), y)));
}
template <class V>
HWY_INLINE V tanh_gradient(V d, V y) {
  return Mul(d, NegMulAdd(y, y, all<V>(1)));
}

// Calls unit<V>(lane, at) for the units of each lane, V a pair of vectors or, where the panel has
// no room for one, a vector, and `at` its position in an array [lane][width]; widths are multiples
// of 16, so that there are no tails. Then sets the padding of `outputs` to +0, whatever was
// computed there.
template <class Step, class Unit>
HWY_INLINE void for_each_unit(const Step& step, std::initializer_list<float*> outputs, Unit unit) {
  constexpr std::size_t pair = 2 * hn::MaxLanes(tag);
  const std::size_t width = static_cast<std::size_t>(step.width);
  const std::size_t valid = static_cast<std::size_t>(step.valid);
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    const std::size_t begin = static_cast<std::size_t>(lane) * width;
    std::size_t u = 0;
    for (; u < valid && u + pair <= width; u += pair) {
      unit.template operator()<Pair>(lane, begin + u);
    }
    if constexpr (pair > 16) {
      if (u < valid) unit.template operator()<Vector>(lane, begin + u);
    }
    if (valid == width) continue;
    for (float* output : outputs) std::fill(output + begin + valid, output + begin + width, 0.0F);
  }
}

// Slot number `number` of a panel.
template <class Step>
HWY_INLINE float* slot(const Step& step, int number) {
  return step.gates + static_cast<std::size_t>(number) * step.slot_stride;
}

// Diagonal weights number `number` of the units at position `at` of a lane.
template <class V, class Step>
HWY_INLINE V diagonal(const Step& step, int number, int lane, std::size_t at) {
  const std::ptrdiff_t unit = static_cast<std::ptrdiff_t>(at) - std::ptrdiff_t{lane} * step.width;
  return load<V>(step.diagonals + std::ptrdiff_t{number} * step.width + unit);
}

HWY_INLINE bool next_is_reset(const CellForward<float>& step, int lane) {
  return step.reset_next != nullptr && step.reset_next[lane] != 0;
}

// What arrives at the output of t - 1 from the layer above.
template <class V>
HWY_INLINE V above(const CellBackward<float>& step, std::size_t at) {
  return step.from_above != nullptr ? load<V>(step.from_above + at) : all<V>(0);
}

// Stores this step's output, and the state that the next step reads.
template <class V>
HWY_INLINE void store_hidden(const CellForward<float>& step, int lane, std::size_t at, V h) {
  store(h, step.hidden + at);
  store(next_is_reset(step, lane) ? all<V>(0) : h, step.state + at);
}

}  // namespace cells
}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RONDO_KERNELS_GATES_INL
