// sum_of_squares and sum (kernels/math/math.hpp): long vectors in one fixed order (tree_fold.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/math/sums.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include <hwy/highway.h>
// clang-format on

#include <algorithm>
#include <cstddef>
#include <span>

#include "kernels/math/tree_fold.hpp"
#include "kernels/reference/math.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/kernels/math/math.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<double>;
using Vector = hn::Vec<Tag>;
constexpr Tag tag{};

HWY_INLINE Vector load(const double* values) { return hn::LoadU(tag, values); }
HWY_INLINE Vector load(const float* values) {
  return hn::PromoteTo(tag, hn::LoadU(hn::Rebind<float, Tag>(), values));
}

struct AddSquare {
  HWY_INLINE Vector operator()(Vector sum, Vector x) const { return hn::MulAdd(x, x, sum); }
};
struct AddValue {
  HWY_INLINE Vector operator()(Vector sum, Vector x) const { return hn::Add(sum, x); }
};

// Adds `rows` rows of 64 values to the accumulators. Eight vectors of accumulators at a time stay
// in registers (with all of them AVX2 would spill); the rows, at most 32 KB, stay in the cache.
template <class Term, class Value>
HWY_INLINE void add_rows(const Value* values, std::size_t rows, double* accumulators, Term term) {
  const std::size_t step = hn::Lanes(tag);
  for (std::size_t column = 0; column < sum_accumulators; column += 8 * step) {
    double* const at = accumulators + column;
    Vector s0 = load(at), s1 = load(at + step);
    Vector s2 = load(at + 2 * step), s3 = load(at + 3 * step);
    Vector s4 = load(at + 4 * step), s5 = load(at + 5 * step);
    Vector s6 = load(at + 6 * step), s7 = load(at + 7 * step);
    const Value* row = values + column;
    for (std::size_t i = 0; i < rows; ++i, row += sum_accumulators) {
      s0 = term(s0, load(row));
      s1 = term(s1, load(row + step));
      s2 = term(s2, load(row + 2 * step));
      s3 = term(s3, load(row + 3 * step));
      s4 = term(s4, load(row + 4 * step));
      s5 = term(s5, load(row + 5 * step));
      s6 = term(s6, load(row + 6 * step));
      s7 = term(s7, load(row + 7 * step));
    }
    hn::StoreU(s0, tag, at);
    hn::StoreU(s1, tag, at + step);
    hn::StoreU(s2, tag, at + 2 * step);
    hn::StoreU(s3, tag, at + 3 * step);
    hn::StoreU(s4, tag, at + 4 * step);
    hn::StoreU(s5, tag, at + 5 * step);
    hn::StoreU(s6, tag, at + 6 * step);
    hn::StoreU(s7, tag, at + 7 * step);
  }
}

// The sum of one chunk, at most 4,096 values.
template <class Term, class Value>
HWY_INLINE double sum_of_chunk(std::span<const Value> chunk, Term term) {
  double accumulators[sum_accumulators] = {};
  const std::size_t rows = chunk.size() / sum_accumulators;
  add_rows(chunk.data(), rows, accumulators, term);
  const std::span<const Value> rest = chunk.subspan(rows * sum_accumulators);
  if (!rest.empty()) {
    // Padding adds +0 to accumulators that started at +0 and changes none.
    Value padded[sum_accumulators] = {};
    std::copy(rest.begin(), rest.end(), padded);
    add_rows(padded, 1, accumulators, term);
  }
  return join_accumulators(accumulators);
}

template <class Term, class Value>
HWY_INLINE double chunked_sum(std::span<const Value> values, Term term) {
  TreeFold<double> chunks;
  for (std::size_t begin = 0; begin < values.size(); begin += sum_chunk) {
    chunks.push(
        sum_of_chunk(values.subspan(begin, std::min(sum_chunk, values.size() - begin)), term));
  }
  return chunks.total();
}

}  // namespace

double sum_of_squares_vector(std::span<const float> values) {
  return chunked_sum(values, AddSquare());
}

double sum_vector(std::span<const double> values) { return chunked_sum(values, AddValue()); }

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(sum_of_squares_vector);
HWY_EXPORT(sum_vector);

template <>
double sum_of_squares(std::span<const float> values) {
  return RONDO_DISPATCH(sum_of_squares_vector, reference::sum_of_squares, values);
}
template <>
double sum_of_squares(std::span<const double> values) {
  return reference::sum_of_squares(values);
}

double sum(std::span<const double> values) {
  return RONDO_DISPATCH(sum_vector, reference::sum, values);
}

}  // namespace rondo::kernels
#endif
