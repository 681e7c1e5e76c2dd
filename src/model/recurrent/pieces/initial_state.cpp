#include "model/recurrent/pieces/initial_state.hpp"

#include <algorithm>

#include "model/lane_rows.hpp"
#include "model/weight_gradient.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {

template <class Real>
InitialState<Real>::InitialState(const Segment* segment, const Real* parameters,
                                 const Panels& units, const PassShape& shape, Allocations& memory,
                                 const GivenState<Real>& given)
    : segment_(segment),
      parameters_(parameters),
      given_(given),
      units_(units),
      lanes_(shape.lanes),
      step_(step_distance(units.step_size(shape.lanes))),
      gradient_(memory.make<Real>(MemoryUse::activations,
                                  segment != nullptr && shape.training
                                      ? step_ * static_cast<std::size_t>(shape.times)
                                      : 0)) {}

template <class Real>
Real InitialState<Real>::at(int unit) const {
  return trained() ? flushed(parameters_[segment_->offset + segment_->index(unit, 0)]) : Real{0};
}

template <class Real>
void InitialState<Real>::set(int t, const std::uint8_t* resets, LaneRange lanes,
                             Real* state) const {
  for_each_row(units_, lanes_, lanes, [&](int p, int lane, std::size_t at, std::size_t width) {
    if (resets[lane] == 0) return;
    if (is_given()) {
      std::copy_n(given_.values.at(t) + at, width, state + at);
      return;
    }
    std::fill_n(state + at, width, Real{0});
    if (!trained()) return;
    const Real* const values = parameters_ + segment_->offset + segment_->panel(p, 0);
    std::transform(values, values + width, state + at, flushed<Real>);
  });
}

template <class Real>
void InitialState<Real>::take_gradient(int t, const std::uint8_t* resets, LaneRange lanes,
                                       Real* gradient) {
  Real* const step =
      is_given() ? given_.gradient.at(t) : gradient_.data() + static_cast<std::size_t>(t) * step_;
  for_each_row(units_, lanes_, lanes, [&](int, int lane, std::size_t at, std::size_t width) {
    std::fill_n(step + at, width, Real{0});
    if (resets[lane] != 0) std::swap_ranges(step + at, step + at + width, gradient + at);
  });
}

template <class Real>
void InitialState<Real>::gradient_job(int job, const TimeOrder& order,
                                      const GradientSums<Real>& sums) const {
  accumulate_bias_gradient<Real>(*segment_, job, 0, gradient_.data() + units_.offset(job, lanes_),
                                 step_, order, sums);
}

template class InitialState<float>;
template class InitialState<double>;

}  // namespace rondo
