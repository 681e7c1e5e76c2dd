// Vectors of doubles, and a function of them over a whole array. Included once per vector target
// (hwy/foreach_target.h).
#if defined(RONDO_KERNELS_DOUBLES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_DOUBLES_INL
#undef RONDO_KERNELS_DOUBLES_INL
#else
#define RONDO_KERNELS_DOUBLES_INL
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <span>

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace doubles {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr hn::ScalableTag<double> tag{};
inline constexpr hn::RebindToSigned<hn::ScalableTag<double>> integer_tag{};
using Vector = hn::Vec<hn::ScalableTag<double>>;
using Integer = hn::Vec<hn::RebindToSigned<hn::ScalableTag<double>>>;

HWY_INLINE Vector all(double value) { return hn::Set(tag, value); }

// y = function(x), element by element; the last ones in a vector that zeros fill up.
template <class Function>
HWY_INLINE void for_all(std::span<const double> x, std::span<double> y, const Function& function) {
  const std::size_t step = hn::Lanes(tag);
  std::size_t i = 0;
  for (; i + step <= x.size(); i += step) {
    hn::StoreU(function(hn::LoadU(tag, x.data() + i)), tag, y.data() + i);
  }
  if (i == x.size()) return;
  double tail[hn::MaxLanes(tag)] = {};
  std::copy(x.begin() + static_cast<std::ptrdiff_t>(i), x.end(), tail);
  hn::StoreU(function(hn::LoadU(tag, tail)), tag, tail);
  std::copy_n(tail, x.size() - i, y.data() + i);
}

}  // namespace doubles
}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
