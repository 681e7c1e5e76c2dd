// Two vectors side by side, and Highway's functions on both at once. Included once per vector
// target (hwy/foreach_target.h).
//
// A gate is a chain of some thirty operations, each of which waits for the one before. Of two
// chains whose operations alternate, one works while the other waits; without that, a processor
// has to look further ahead than it can to find other work. Which vectors are paired changes no
// bit: nothing is computed across them.
#if defined(RONDO_KERNELS_PAIR_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_KERNELS_PAIR_INL
#undef RONDO_KERNELS_PAIR_INL
#else
#define RONDO_KERNELS_PAIR_INL
#endif

#include <hwy/highway.h>

#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace elementwise {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<float>;
using IntegerTag = hn::RebindToSigned<Tag>;
using Vector = hn::Vec<Tag>;
using Integer = hn::Vec<IntegerTag>;

inline constexpr Tag tag{};
inline constexpr IntegerTag integer_tag{};

// No template: the functions that Highway declares for all types would be found for its arguments.
struct Pair {
  Vector first, second;
};
struct IntegerPair {
  Integer first, second;
};
struct MaskPair {
  hn::Mask<Tag> first, second;
};
HWY_INLINE Pair pair_of(Vector first, Vector second) { return {first, second}; }
HWY_INLINE IntegerPair pair_of(Integer first, Integer second) { return {first, second}; }
HWY_INLINE MaskPair pair_of(hn::Mask<Tag> first, hn::Mask<Tag> second) { return {first, second}; }

template <class V>
concept AnyPair =
    std::is_same_v<V, Pair> || std::is_same_v<V, IntegerPair> || std::is_same_v<V, MaskPair>;

// Found, like Highway's own on vectors, by the type of their arguments.
#define RONDO_ON_PAIRS(Function)                                                 \
  template <AnyPair... Pairs>                                                    \
  HWY_INLINE auto Function(Pairs... pairs) {                                     \
    return pair_of(hn::Function(pairs.first...), hn::Function(pairs.second...)); \
  }
RONDO_ON_PAIRS(Abs)
RONDO_ON_PAIRS(Add)
RONDO_ON_PAIRS(Sub)
RONDO_ON_PAIRS(Mul)
RONDO_ON_PAIRS(Div)
RONDO_ON_PAIRS(MulAdd)
RONDO_ON_PAIRS(NegMulAdd)
RONDO_ON_PAIRS(Max)
RONDO_ON_PAIRS(Or)
RONDO_ON_PAIRS(CopySign)
RONDO_ON_PAIRS(Lt)
RONDO_ON_PAIRS(Gt)
RONDO_ON_PAIRS(IfThenElse)
RONDO_ON_PAIRS(IfThenZeroElse)
RONDO_ON_PAIRS(IfThenElseZero)
RONDO_ON_PAIRS(IfNegativeThenElse)
#undef RONDO_ON_PAIRS

template <int bits>
HWY_INLINE IntegerPair ShiftLeft(IntegerPair pair) {
  return {hn::ShiftLeft<bits>(pair.first), hn::ShiftLeft<bits>(pair.second)};
}
HWY_INLINE IntegerPair BitCast(IntegerTag to, Pair pair) {
  return {hn::BitCast(to, pair.first), hn::BitCast(to, pair.second)};
}
HWY_INLINE Pair BitCast(Tag to, IntegerPair pair) {
  return {hn::BitCast(to, pair.first), hn::BitCast(to, pair.second)};
}

}  // namespace elementwise
}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RONDO_KERNELS_PAIR_INL
