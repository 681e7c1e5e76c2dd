#include "model/recurrent/gates_gradient.hpp"

#include <algorithm>

namespace rondo {

// More for wider layers, whose inputs no cache would keep for the next gate's turn, and which leave
// enough jobs for many threads.
template <class Real>
int GatesGradient<Real>::gates_together() const {
  return std::clamp(gradients_.units.count() / 2, 1, static_cast<int>(kernels::most_outer_panels));
}

template <class Real>
int GatesGradient<Real>::jobs_of_panel() const {
  return (static_cast<int>(slots_.size()) + gates_together() - 1) / gates_together();
}

template <class Real>
void GatesGradient<Real>::gradient_job(int job, const TimeOrder& order,
                                       const GradientSums<Real>& sums) const {
  const int j = job / jobs_of_panel(), first = job % jobs_of_panel() * gates_together();
  const int count = std::min(gates_together(), static_cast<int>(slots_.size()) - first);
  const int* const slots = slots_.data() + first;
  const Real* gradients[kernels::most_outer_panels];
  for (int i = 0; i < count; ++i) gradients[i] = gradients_.at(0, j, slots[i]);
  accumulate_weight_gradient<Real>(weights_, j, first, input_,
                                   {gradients, static_cast<std::size_t>(count)}, gradients_.stride,
                                   order, sums);
}

template <class Real>
std::size_t GatesGradient<Real>::final_after(int jobs) const {
  return weights_.panel(jobs / jobs_of_panel(), jobs % jobs_of_panel() * gates_together());
}

template <class Real>
void BiasGradient<Real>::gradient_job(int job, const TimeOrder& order,
                                      const GradientSums<Real>& sums) const {
  for (int number = 0; number < gradients_.vectors; ++number) {
    accumulate_bias_gradient<Real>(bias_, job, number, gradients_.at(0, job, number),
                                   gradients_.stride, order, sums);
  }
}

template class GatesGradient<float>;
template class GatesGradient<double>;
template class BiasGradient<float>;
template class BiasGradient<double>;

}  // namespace rondo
