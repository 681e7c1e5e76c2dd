// The updates without moments (kernels/update.hpp): averages.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/update_plain.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include <hwy/highway.h>
// clang-format on

#include <span>

#include "kernels/dispatch.hpp"
#include "kernels/reference/update.hpp"
#include "kernels/update-inl.hpp"
#include "rondo/kernels/update.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

using namespace updates;

// into[i] = function(into[i], from[i]) for whole vectors, then for the tail as one.
template <class Function>
HWY_INLINE void in_pairs(std::span<float> into, std::span<const float> from,
                         const Function& function) {
  const std::size_t whole = into.size() / hn::Lanes(tag) * hn::Lanes(tag);
  for (std::size_t i = 0; i < whole; i += hn::Lanes(tag)) {
    store(function(load(into.data() + i), load(from.data() + i)), into.data() + i);
  }
  if (whole == into.size()) return;
  Tail tail(into.size() - whole);
  float* const last = tail.in<0>(into.data() + whole);
  store(function(load(last), load(tail.in<1>(from.data() + whole))), last);
  tail.out<0>(into.data() + whole);
}

}  // namespace

void average_vector(float weight, std::span<const float> parameters, std::span<float> averages) {
  const Vector weights = hn::Set(tag, weight);
  in_pairs(averages, parameters, [weights](Vector a, Vector p) HWY_ATTR {
    return hn::MulAdd(weights, hn::Sub(p, a), a);
  });
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(average_vector);

template <>
void average(float weight, std::span<const float> parameters, std::span<float> averages) {
  RONDO_DISPATCH(average_vector, reference::average, weight, parameters, averages);
}
template <>
void average(double weight, std::span<const double> parameters, std::span<double> averages) {
  reference::average(weight, parameters, averages);
}

}  // namespace rondo::kernels
#endif
