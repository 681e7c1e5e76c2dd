// Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000),
// torch.nn.LSTM: c = f c' + i g, h = o tanh(c).
#include "rondo/model/cell.hpp"

namespace rondo::cells {

template <class Real>
Cell<Real> lstm() {
  Cell<Real> cell;
  cell.name = "lstm";
  cell.slots = 4;
  cell.input_slots = {0, 1, 2, 3};
  cell.recurrent_slots = {0, 1, 2, 3};
  cell.has_cell_state = true;
  cell.forget_slot = 1;
  cell.keep_slot = 1;
  cell.write_slot = 0;
  cell.gate_order = "i, f, g, o";
  cell.bias_order = "i, f, g, o";
  cell.forward = kernels::lstm_forward<Real>;
  cell.backward = kernels::lstm_backward<Real>;
  return cell;
}

template Cell<float> lstm();
template Cell<double> lstm();

}  // namespace rondo::cells
