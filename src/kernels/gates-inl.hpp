// What the cells' vector kernels share: the walk over lanes and units, and the derivatives.
// Included once per vector target (hwy/foreach_target.h). Twin: src/kernels/reference/gates.hpp.
#if defined(RONDO_KERNELS_GATES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_GATES_INL
#undef RONDO_KERNELS_GATES_INL
#else
#define RONDO_KERNELS_GATES_INL
#endif

#include <algorithm>
#include <cstddef>
#include <initializer_list>

#include "kernels/math-inl.hpp"
#include "rondo/kernels/gates.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace cells {

namespace hn = hwy::HWY_NAMESPACE;
using elementwise::all;
using elementwise::flushed;
using elementwise::tag;
using elementwise::Vector;

HWY_INLINE Vector load(const float* values) { return hn::LoadU(tag, values); }
HWY_INLINE void store(Vector values, float* to) { hn::StoreU(values, tag, to); }

// The values, or +0 where the lane is reset: a selection, never a product.
HWY_INLINE Vector load_unless(bool reset, const float* values) {
  return reset ? hn::Zero(tag) : load(values);
}

HWY_INLINE Vector logistic_gradient(Vector d, Vector y) {
  return hn::Mul(d, hn::Mul(y, hn::Sub(all(1), y)));
}
HWY_INLINE Vector tanh_gradient(Vector d, Vector y) {
  return hn::Mul(d, hn::NegMulAdd(y, y, all(1)));
}

// Calls unit(lane, at) for each vector of units of each lane, `at` its position in an array
// [lane][width]; widths are multiples of 16, so that there are no tails. Then sets the padding of
// `outputs` to +0, whatever was computed there.
template <class Step, class Unit>
HWY_INLINE void for_each_unit(const Step& step, std::initializer_list<float*> outputs, Unit unit) {
  const std::size_t width = static_cast<std::size_t>(step.width);
  const std::size_t valid = static_cast<std::size_t>(step.valid);
  for (int lane = step.lane_begin; lane < step.lane_end; ++lane) {
    const std::size_t begin = static_cast<std::size_t>(lane) * width;
    for (std::size_t u = 0; u < valid; u += hn::Lanes(tag)) unit(lane, begin + u);
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
template <class Step>
HWY_INLINE Vector diagonal(const Step& step, int number, int lane, std::size_t at) {
  const std::ptrdiff_t unit = static_cast<std::ptrdiff_t>(at) - std::ptrdiff_t{lane} * step.width;
  return load(step.diagonals + std::ptrdiff_t{number} * step.width + unit);
}

HWY_INLINE bool next_is_reset(const CellForward<float>& step, int lane) {
  return step.reset_next != nullptr && step.reset_next[lane] != 0;
}

// What arrives at the output of t - 1 from the layer above.
HWY_INLINE Vector above(const CellBackward<float>& step, std::size_t at) {
  return step.from_above != nullptr ? load(step.from_above + at) : hn::Zero(tag);
}

// Stores this step's output, and the state that the next step reads.
HWY_INLINE void store_hidden(const CellForward<float>& step, int lane, std::size_t at, Vector h) {
  store(h, step.hidden + at);
  store(next_is_reset(step, lane) ? hn::Zero(tag) : h, step.state + at);
}

}  // namespace cells
}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RONDO_KERNELS_GATES_INL
