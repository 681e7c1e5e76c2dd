// accumulate_diagonal (kernels/products/diagonal.hpp).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/products/diagonal.cpp"
#include <hwy/foreach_target.h>
// clang-format off: compiled for each target, after foreach_target
#include <hwy/highway.h>
// clang-format on

#include <cstddef>
#include <cstdint>

#include "kernels/reference/diagonal.hpp"
#include "kernels/targets/dispatch.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/products/diagonal.hpp"

HWY_BEFORE_NAMESPACE();
namespace rondo::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;
constexpr Tag tag{};

// The chains of one vector of units of a block.
HWY_INLINE Vector chain(const DiagonalSum<float>& sum, std::size_t first_lane, std::size_t unit,
                        Vector total) {
  const auto width = static_cast<std::size_t>(sum.width);
  const std::size_t last_lane = first_lane + static_cast<std::size_t>(sum.block);
  for (int step = 0; step < sum.times; ++step) {
    const auto t = static_cast<std::size_t>(sum.ascending ? step : sum.times - 1 - step);
    const float* const gradient = sum.gradient + t * sum.gradient_stride + unit;
    const float* const source = sum.source + t * sum.source_stride + unit;
    const std::uint8_t* const reset =
        sum.reset == nullptr ? nullptr : sum.reset + t * sum.reset_stride;
    for (std::size_t lane = first_lane; lane < last_lane; ++lane) {
      const Vector value = reset != nullptr && reset[lane] != 0
                               ? hn::Zero(tag)
                               : hn::LoadU(tag, source + lane * width);
      total = hn::MulAdd(hn::LoadU(tag, gradient + lane * width), value, total);
    }
  }
  return total;
}

// The value at a tree node.
void node_sum(const DiagonalSum<float>& sum, TreeNode node, float* out) {
  const auto width = static_cast<std::size_t>(sum.width);
  if (node.level == 0) {
    const auto lane = static_cast<std::size_t>((node.index - sum.first_block) * sum.block);
    for (std::size_t u = 0; u < width; u += hn::Lanes(tag)) {
      const Vector start = sum.resumes ? hn::LoadU(tag, out + u) : hn::Zero(tag);
      hn::StoreU(chain(sum, lane, u, start), tag, out + u);
    }
    return;
  }
  const TreeNode left{node.level - 1, 2 * node.index};
  const TreeNode right{node.level - 1, 2 * node.index + 1};
  node_sum(sum, left, out);
  if (right.first() >= sum.blocks) return;
  float other[Panels::full];
  node_sum(sum, right, other);
  for (std::size_t u = 0; u < width; u += hn::Lanes(tag)) {
    hn::StoreU(hn::Add(hn::LoadU(tag, out + u), hn::LoadU(tag, other + u)), tag, out + u);
  }
}

}  // namespace

void accumulate_diagonal_vector(const DiagonalSum<float>& sum) {
  for (std::size_t root = 0; root < sum.roots.size(); ++root) {
    node_sum(sum, sum.roots[root], sum.outs[root]);
  }
}

}  // namespace rondo::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {

HWY_EXPORT(accumulate_diagonal_vector);

template <>
void accumulate_diagonal(const DiagonalSum<float>& sum) {
  RONDO_DISPATCH(accumulate_diagonal_vector, reference::accumulate_diagonal, sum);
}
template <>
void accumulate_diagonal(const DiagonalSum<double>& sum) {
  reference::accumulate_diagonal(sum);
}

}  // namespace rondo::kernels
#endif
