// The gradients of a recurrent layer's parameters.
#include "model/recurrent_layer.hpp"
#include "model/weight_gradient.hpp"

namespace rondo {

// Tasks, in the order in which the parameters are stored: for each unit panel the gates of the
// input matrix, for each the gates of the recurrent matrix, for each the slots' biases.
template <class Real>
int RecurrentLayer<Real>::gradient_tasks() const {
  return units_.count() *
         static_cast<int>(cell_.input_slots.size() + cell_.recurrent_slots.size() + 1);
}

template <class Real>
void RecurrentLayer<Real>::gradient_task(int task, const WindowView& window,
                                         const GradientSums<Real>& sums) {
  const auto input_gates = static_cast<int>(cell_.input_slots.size());
  const auto recurrent_gates = static_cast<int>(cell_.recurrent_slots.size());
  const int recurrent_task = task - units_.count() * input_gates;
  const int bias_task = recurrent_task - units_.count() * recurrent_gates;
  if (recurrent_task < 0) {
    const int j = task / input_gates;
    const int gate = task % input_gates;
    const int s = cell_.input_slots[static_cast<std::size_t>(gate)];
    accumulate_weight_gradient<Real>(input_weights_, j, gate,
                                     {input_chain_, below_.data, below_.stride}, slot(0, j, s),
                                     gates_step_, window.times, sums);
  } else if (bias_task < 0) {
    const int j = recurrent_task / recurrent_gates;
    const int gate = recurrent_task % recurrent_gates;
    const int s = cell_.recurrent_slots[static_cast<std::size_t>(gate)];
    accumulate_weight_gradient<Real>(recurrent_weights_, j, gate,
                                     {recurrent_chain_, state_.data(), step_}, slot(0, j, s),
                                     gates_step_, window.times, sums);
  } else {
    const int j = bias_task;
    for (int s = 0; s < cell_.slots; ++s) {
      accumulate_bias_gradient<Real>(bias_, j, s, slot(0, j, s), gates_step_, window.times, sums);
    }
  }
}

template <class Real>
std::size_t RecurrentLayer<Real>::final_after(int tasks) const {
  const auto input_gates = static_cast<int>(cell_.input_slots.size());
  const auto recurrent_gates = static_cast<int>(cell_.recurrent_slots.size());
  const int recurrent_tasks = tasks - units_.count() * input_gates;
  const int bias_tasks = recurrent_tasks - units_.count() * recurrent_gates;
  const auto within = [&](const Segment& segment, std::size_t size) {
    return segment.offset - input_weights_.offset + size;
  };
  if (recurrent_tasks < 0) {
    return input_weights_.panel(tasks / input_gates, tasks % input_gates);
  }
  if (bias_tasks < 0) {
    return within(recurrent_weights_, recurrent_weights_.panel(recurrent_tasks / recurrent_gates,
                                                               recurrent_tasks % recurrent_gates));
  }
  return within(bias_, bias_tasks < units_.count() ? bias_.panel(bias_tasks, 0) : bias_.size);
}

template int RecurrentLayer<float>::gradient_tasks() const;
template int RecurrentLayer<double>::gradient_tasks() const;
template std::size_t RecurrentLayer<float>::final_after(int) const;
template std::size_t RecurrentLayer<double>::final_after(int) const;
template void RecurrentLayer<float>::gradient_task(int, const WindowView&,
                                                   const GradientSums<float>&);
template void RecurrentLayer<double>::gradient_task(int, const WindowView&,
                                                    const GradientSums<double>&);

}  // namespace rondo
