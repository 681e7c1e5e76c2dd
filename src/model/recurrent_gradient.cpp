// The gradients of a recurrent layer's parameters.
#include <algorithm>

#include "model/recurrent_layer.hpp"
#include "model/weight_gradient.hpp"
#include "rondo/kernels/products/diagonal.hpp"

namespace rondo {

// Jobs, in the order in which the parameters are stored: for each unit panel the gates of the
// input matrix, some together, for each the gates of the recurrent matrix, for each the slots'
// biases, for each the peepholes or gains, or for each panel of outputs the projection; for each
// where the hidden state begins, and for each where the cell state does, if that is learned.
template <class Real>
int RecurrentLayer<Real>::gradient_jobs() const {
  const int gates = jobs_of(cell_.input_slots) + jobs_of(cell_.recurrent_slots);
  return units_.count() * (gates + 1 + initial_cell_.trained()) + last_jobs() +
         outputs_.count() * initial_hidden_.trained();
}

// Gates whose gradients one job makes: more for wider layers, whose inputs no cache would keep for
// the next gate's turn, and which leave enough jobs for many threads.
template <class Real>
int RecurrentLayer<Real>::gates_together() const {
  return std::clamp(units_.count() / 2, 1, static_cast<int>(kernels::most_outer_panels));
}
template <class Real>
int RecurrentLayer<Real>::jobs_of(const std::vector<int>& gates) const {
  return (static_cast<int>(gates.size()) + gates_together() - 1) / gates_together();
}

// Job `job` of those of a matrix.
template <class Real>
void RecurrentLayer<Real>::gates_gradient(int job, const Segment& weights,
                                          const std::vector<int>& gates,
                                          const WeightInput<Real>& input, int times,
                                          const GradientSums<Real>& sums) {
  const int j = job / jobs_of(gates), first = job % jobs_of(gates) * gates_together();
  const int count = std::min(gates_together(), static_cast<int>(gates.size()) - first);
  const int* const slots = gates.data() + first;
  const Real* gradients[kernels::most_outer_panels];
  for (int i = 0; i < count; ++i) gradients[i] = slot(0, j, slots[i]);
  accumulate_weight_gradient<Real>(weights, j, first, input,
                                   {gradients, static_cast<std::size_t>(count)}, gates_step_, times,
                                   sums);
}

template <class Real>
void RecurrentLayer<Real>::gradient_job(int job, const WindowView& window,
                                        const GradientSums<Real>& sums) {
  const int recurrent_job = job - units_.count() * jobs_of(cell_.input_slots);
  const int bias_job = recurrent_job - units_.count() * jobs_of(cell_.recurrent_slots);
  const int last_job = bias_job - units_.count();
  const int initial_job = last_job - last_jobs();
  if (recurrent_job < 0) {
    gates_gradient(job, input_weights_, cell_.input_slots,
                   {input_chain_, below_.data, below_.stride}, window.times, sums);
  } else if (bias_job < 0) {
    gates_gradient(recurrent_job, recurrent_weights_, cell_.recurrent_slots,
                   {recurrent_chain_, state_.data(), output_step_}, window.times, sums);
  } else if (last_job < 0) {
    const int j = bias_job;
    for (int number = 0; number < cell_.biases(); ++number) {
      accumulate_bias_gradient<Real>(bias_, j, number, bias_gradient(j, number),
                                     bias_gradient_step(), window.times, sums);
    }
  } else if (initial_job >= outputs_.count()) {
    initial_cell_.gradient_job(initial_job - outputs_.count(), window.times, sums);
  } else if (initial_job >= 0) {
    initial_hidden_.gradient_job(initial_job, window.times, sums);
  } else if (projection_) {
    projection_->gradient_job(last_job, output_gradient_.data(), output_step_, window.times, sums);
  } else {
    for (int number = 0; number < diagonals(); ++number) {
      diagonal_gradient(last_job, number, window, sums);
    }
  }
}

template <class Real>
void RecurrentLayer<Real>::diagonal_gradient(int j, int number, const WindowView& window,
                                             const GradientSums<Real>& sums) {
  constexpr std::size_t most_roots = 128;  // two a level of the tree
  Real* outs[most_roots];
  for (std::size_t r = 0; r < sums.roots.size(); ++r) {
    outs[r] = sums.buffers[r] + last_.offset + last_.panel(j, number);
  }
  kernels::DiagonalSum<Real> sum;
  if (cell_.normalized > 0) {
    sum.source = vector(normal_, 0, j, number);
    sum.source_stride = normal_step_;
    sum.gradient = bias_gradient(j, number);
  } else {
    const Peephole& peephole = cell_.peepholes[static_cast<std::size_t>(number)];
    sum.source = (peephole.current ? made_cell(0) : cells_.data()) + units_.offset(j, lanes_);
    sum.source_stride = step_;
    if (!peephole.current && !initial_cell_.trained()) {
      sum.reset = window.resets;
      sum.reset_stride = window.row(1);
    }
    sum.gradient = slot(0, j, peephole.slot);
  }
  sum.gradient_stride = bias_gradient_step();
  sum.width = units_.width(j);
  sum.times = window.times;
  sum.block = sums.block;
  sum.first_block = sums.first_block;
  sum.blocks = sums.blocks;
  sum.roots = sums.roots;
  sum.outs = {outs, sums.roots.size()};
  kernels::accumulate_diagonal(sum);
}

template <class Real>
std::size_t RecurrentLayer<Real>::final_after(int jobs) const {
  struct Part {
    const Segment& segment;
    int jobs;        // of a panel
    int groups = 1;  // of a job
  };
  const Segment& none = last_;
  const Part parts[] = {
      {input_weights_, jobs_of(cell_.input_slots), gates_together()},
      {recurrent_weights_, jobs_of(cell_.recurrent_slots), gates_together()},
      {bias_, 1},
      {last_, last_jobs() == 0 ? 0 : 1},
      {initial_hidden_.trained() ? initial_hidden_.segment() : none, initial_hidden_.trained()},
      {initial_cell_.trained() ? initial_cell_.segment() : none, initial_cell_.trained()}};
  for (const Part& part : parts) {
    const int panels = Panels{part.segment.units}.count();
    if (jobs < panels * part.jobs) {
      return part.segment.offset - input_weights_.offset +
             part.segment.panel(jobs / part.jobs, jobs % part.jobs * part.groups);
    }
    jobs -= panels * part.jobs;
  }
  return end_ - input_weights_.offset;
}

template int RecurrentLayer<float>::gradient_jobs() const;
template int RecurrentLayer<double>::gradient_jobs() const;
template std::size_t RecurrentLayer<float>::final_after(int) const;
template std::size_t RecurrentLayer<double>::final_after(int) const;
template void RecurrentLayer<float>::gradient_job(int, const WindowView&,
                                                  const GradientSums<float>&);
template void RecurrentLayer<double>::gradient_job(int, const WindowView&,
                                                   const GradientSums<double>&);

}  // namespace rondo
