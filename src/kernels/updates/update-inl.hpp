// What the vector kernels of the updates share: loads, the smallest moments, the tail.
// Included once per vector target (hwy/foreach_target.h). Twins: src/kernels/reference/updates/.
#if defined(RONDO_KERNELS_UPDATE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_UPDATE_INL
#undef RONDO_KERNELS_UPDATE_INL
#else
#define RONDO_KERNELS_UPDATE_INL
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace updates {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;
constexpr Tag tag{};

HWY_INLINE Vector load(const float* values) { return hn::LoadU(tag, values); }
HWY_INLINE void store(Vector values, float* to) { hn::StoreU(values, tag, to); }

// Below the smallest normal number: +0. NaN stays.
HWY_INLINE Vector normal_or_zero(Vector x) {
  return hn::IfThenZeroElse(hn::Lt(hn::Abs(x), hn::Set(tag, std::numeric_limits<float>::min())), x);
}

// A tail of several arrays, padded by zeros to a vector each, so that it goes through the same
// instructions as the rest.
class Tail {
 public:
  explicit Tail(std::size_t count) : count_(count) {}
  template <int Array>
  float* in(const float* values) {
    std::copy_n(values, count_, padded_[Array]);
    return padded_[Array];
  }
  template <int Array>
  void out(float* values) const {
    std::copy_n(padded_[Array], count_, values);
  }

 private:
  std::size_t count_;
  float padded_[4][hn::MaxLanes(tag)] = {};
};

// Calls vectors(count, parameters, gradients, moments) for the whole vectors, then for the tail as
// one.
template <class Vectors>
HWY_INLINE void in_vectors(std::span<float> parameters, std::span<const float> gradients,
                           std::span<float> moments, const Vectors& vectors) {
  const std::size_t whole = parameters.size() / hn::Lanes(tag) * hn::Lanes(tag);
  float *const p = parameters.data(), *const m = moments.data();
  vectors(whole, p, gradients.data(), m);
  if (whole == parameters.size()) return;
  Tail tail(parameters.size() - whole);
  vectors(std::size_t{1}, tail.in<0>(p + whole), tail.in<1>(gradients.data() + whole),
          tail.in<2>(m + whole));
  tail.out<0>(p + whole);
  tail.out<2>(m + whole);
}

}  // namespace updates
}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
