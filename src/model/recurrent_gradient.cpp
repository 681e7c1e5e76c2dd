// The gradients of a recurrent layer's parameters.
#include "model/recurrent_layer.hpp"
#include "model/weight_gradient.hpp"

namespace rondo {

// Tasks: for each unit panel, the gates of the input matrix, the gates of the recurrent matrix, and
// the slots' biases.
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
  const int j = task / (input_gates + recurrent_gates + 1);
  const int piece = task % (input_gates + recurrent_gates + 1);
  if (piece < input_gates) {
    const int s = cell_.input_slots[static_cast<std::size_t>(piece)];
    accumulate_weight_gradient<Real>(input_weights_, j, piece,
                                     {input_chain_, below_.data, below_.stride}, slot(0, j, s),
                                     gates_step_, window.times, sums);
  } else if (piece < input_gates + recurrent_gates) {
    const int gate = piece - input_gates;
    const int s = cell_.recurrent_slots[static_cast<std::size_t>(gate)];
    accumulate_weight_gradient<Real>(recurrent_weights_, j, gate,
                                     {recurrent_chain_, state_.data(), step_}, slot(0, j, s),
                                     gates_step_, window.times, sums);
  } else {
    for (int s = 0; s < cell_.slots; ++s) {
      accumulate_bias_gradient<Real>(bias_, j, s, slot(0, j, s), gates_step_, window.times, sums);
    }
  }
}

template int RecurrentLayer<float>::gradient_tasks() const;
template int RecurrentLayer<double>::gradient_tasks() const;
template void RecurrentLayer<float>::gradient_task(int, const WindowView&,
                                                   const GradientSums<float>&);
template void RecurrentLayer<double>::gradient_task(int, const WindowView&,
                                                    const GradientSums<double>&);

}  // namespace rondo
