#include "model/inputs/side_by_side.hpp"

#include <algorithm>
#include <utility>

#include "model/unit_runs.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {
namespace {

template <class Real>
int units_of(const std::vector<typename SideBySide<Real>::Input>& inputs) {
  int units = 0;
  for (const auto& input : inputs) units += input.values.panels.units;
  return units;
}

}  // namespace

template <class Real>
SideBySide<Real>::SideBySide(std::vector<Input> inputs, const PassShape& shape, Allocations& memory)
    : inputs_(std::move(inputs)),
      lanes_(shape.lanes),
      panels_{units_of<Real>(inputs_)},
      stride_(step_distance(panels_.step_size(shape.lanes))) {
  const std::size_t size = stride_ * static_cast<std::size_t>(shape.times);
  output_ = memory.make<Real>(MemoryUse::activations, size);
  const bool wanted = std::ranges::any_of(
      inputs_, [](const Input& input) { return input.gradient.panels.units > 0; });
  if (shape.training && wanted) gradient_ = memory.make<Real>(MemoryUse::activations, size);
}

template <class Real>
void SideBySide<Real>::forward(const WindowView& window, LaneRange lanes) {
  int first = 0;
  for (const Input& input : inputs_) {
    for (int t = 0; t < window.times; ++t) {
      const Real* const from = input.values.at(t);
      Real* const to = output().at(t);
      for_each_run(input.values.panels, panels_, first, lanes_, lanes,
                   [&](std::size_t a, std::size_t b, std::size_t count) {
                     std::copy_n(from + a, count, to + b);
                   });
    }
    first += input.values.panels.units;
  }
}

template <class Real>
void SideBySide<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  int first = 0;
  for (const Input& input : inputs_) {
    const bool wanted = input.gradient.data != nullptr;
    for (int t = 0; wanted && t < window.times; ++t) {
      Real* const to = input.gradient.at(t);
      const Real* const from = output_gradient().at(t);
      for_each_run(input.values.panels, panels_, first, lanes_, lanes,
                   [&](std::size_t a, std::size_t b, std::size_t count) {
                     if (!input.goes_on) {
                       std::copy_n(from + b, count, to + a);
                       return;
                     }
                     for (std::size_t i = 0; i < count; ++i) {
                       to[a + i] = flushed(to[a + i] + from[b + i]);
                     }
                   });
    }
    first += input.values.panels.units;
  }
}

template class SideBySide<float>;
template class SideBySide<double>;

}  // namespace rondo
