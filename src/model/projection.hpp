// The projection of a recurrent layer's cell (cells/lstm_projected.cpp): h_t = W m_t, the hidden
// state of P units from what the cell's elementwise part makes of H.
#pragma once

#include <vector>

#include "model/packed_weights.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class Projection {
 public:
  // `weights`: W, [P, H]; `parameters`: the buffer that holds it.
  Projection(const Segment& weights, const Real* parameters, const PassShape& shape,
             Allocations& memory);

  // Where the cell leaves m_t: [panel][lane][width] of H units.
  Real* cell_output(int t) { return cell_outputs_.data() + static_cast<std::size_t>(t) * step_; }

  // h_t, and the state that step t + 1 reads: the same, but +0 where reset_next[lane] != 0 (null at
  // a window's end). Both [panel][lane][width] of P units.
  void forward(int t, LaneRange lanes, const std::uint8_t* reset_next, Real* hidden, Real* state);
  // The gradient at panel j of m_t, from that at h_t.
  void backward(const Real* hidden_gradient, int j, LaneRange lanes, Real* units_gradient) const;

  // Gradients of W by jobs, one for each panel of P; the gradient at h_t at `hidden_gradient` + t
  // * stride.
  int gradient_jobs() const { return outputs_.count(); }
  void gradient_job(int job, const Real* hidden_gradient, std::size_t stride, int times,
                    const GradientSums<Real>& sums) const;

  int pack_jobs() const { return packed_.pack_jobs(); }
  void pack_job(int job) { packed_.pack_job(job); }

 private:
  const Segment& weights_;
  Panels units_, outputs_;
  int lanes_;
  std::size_t step_;  // from one m_t to the next; 0 where one is kept
  std::vector<kernels::Stretch> units_chain_, outputs_chain_;
  PackedWeights<Real> packed_;
  Buffer<Real> cell_outputs_;  // [t]; one step where nothing is differentiated
};

}  // namespace rondo
