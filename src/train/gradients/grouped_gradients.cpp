#include "rondo/train/grouped_gradients.hpp"

#include <algorithm>

namespace rondo {

template <class Real>
GroupedGradients<Real>::GroupedGradients(BlockGroups groups, int block, std::int64_t blocks,
                                         std::size_t size)
    : groups_(std::move(groups)) {
  for (std::size_t i = 0; i < groups_.buffers; ++i) buffers_.emplace_back(size);
  for (const BlockGroup& group : groups_.groups) {
    std::vector<Real*>& pointers = pointers_.emplace_back();
    for (const std::size_t buffer : group.buffers) pointers.push_back(buffers_[buffer].data());
  }
  for (std::size_t i = 0; i < groups_.groups.size(); ++i) {
    const BlockGroup& group = groups_.groups[i];
    sums_.push_back({block, group.first, blocks, group.roots, pointers_[i]});
  }
  for (const std::size_t buffer : groups_.results) results_.push_back(buffers_[buffer].data());
}

template <class Real>
std::size_t GroupedGradients<Real>::first_block(std::size_t group) const {
  return static_cast<std::size_t>(groups_.groups[group].first - groups_.groups.front().first);
}

template <class Real>
std::size_t GroupedGradients<Real>::blocks(std::size_t group) const {
  return static_cast<std::size_t>(groups_.groups[group].last - groups_.groups[group].first);
}

template <class Real>
WindowView GroupedGradients<Real>::part(std::size_t group, const WindowView& window) const {
  const auto first = static_cast<int>(first_block(group)) * sums_[group].block;
  return window.of_lanes(first, first + static_cast<int>(blocks(group)) * sums_[group].block);
}

template <class Real>
void GroupedGradients<Real>::join(std::size_t group, std::size_t begin, std::size_t end) {
  constexpr std::size_t strip = 1 << 13;  // of all joined buffers: stays in the cache
  for (std::size_t first = begin; first < end; first += strip) {
    const std::size_t last = std::min(end, first + strip);
    for (const BlockGroup::Join& join : groups_.groups[group].joins) {
      Real* const into = buffers_[join.into].data();
      const Real* const from = buffers_[join.from].data();
      for (std::size_t i = first; i < last; ++i) into[i] += from[i];
    }
  }
}

template class GroupedGradients<float>;
template class GroupedGradients<double>;

}  // namespace rondo
