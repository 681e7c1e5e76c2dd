// Long short-term memory whose forget gate decides the input gate too (Greff et al. 2017, "CIFG"):
// c = f c' + (1 - f) g, h = o tanh(c). A quarter fewer weights than the LSTM.
#include "rondo/model/cell.hpp"

namespace rondo::cells {

template <class Real>
Cell<Real> lstm_coupled() {
  Cell<Real> cell;
  cell.name = "lstm-coupled";
  cell.slots = 3;
  cell.input_slots = {0, 1, 2};
  cell.recurrent_slots = {0, 1, 2};
  cell.has_cell_state = true;
  cell.forget_slot = 0;
  cell.keep_slot = 0;
  cell.gate_order = "f, g, o";
  cell.bias_order = "f, g, o";
  cell.forward = kernels::lstm_coupled_forward<Real>;
  cell.backward = kernels::lstm_coupled_backward<Real>;
  return cell;
}

template Cell<float> lstm_coupled();
template Cell<double> lstm_coupled();

}  // namespace rondo::cells
