#include "model/recurrent/pieces/peepholes.hpp"

#include "model/weight_gradient.hpp"

namespace rondo {

template <class Real>
void Peepholes<Real>::gradient_job(int job, const TimeOrder& order,
                                   const GradientSums<Real>& sums) const {
  const VectorSteps<Real> gates = steps_.gates();
  for (int number = 0; number < static_cast<int>(cell_.peepholes.size()); ++number) {
    const Peephole& peephole = cell_.peepholes[static_cast<std::size_t>(number)];
    const Activations<Real> seen = peephole.current ? steps_.made_cells() : steps_.entered_cells();
    kernels::DiagonalSum<Real> sum;
    sum.source = seen.data + gates.units.offset(job, gates.lanes);
    sum.source_stride = seen.stride;
    if (!peephole.current && resets_apply_) {
      sum.reset = steps_.resets().data;
      sum.reset_stride = steps_.resets().stride;
    }
    sum.gradient = gates.at(0, job, peephole.slot);
    sum.gradient_stride = gates.stride;
    accumulate_diagonal_gradient(weights_, job, number, sum, order, sums);
  }
}

template class Peepholes<float>;
template class Peepholes<double>;

}  // namespace rondo
