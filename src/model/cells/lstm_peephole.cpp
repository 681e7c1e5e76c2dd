// Long short-term memory with peepholes (Gers & Schmidhuber 2000): gates see the cell state, each
// unit its own, i = s(a_i + p_i c'), f = s(a_f + p_f c'), c = f c' + i g, o = s(a_o + p_o c),
// h = o tanh(c).
#include "rondo/model/cell.hpp"

namespace rondo::cells {

template <class Real>
Cell<Real> lstm_peephole() {
  Cell<Real> cell;
  cell.name = "lstm-peephole";
  cell.slots = 4;
  cell.input_slots = {0, 1, 2, 3};
  cell.recurrent_slots = {0, 1, 2, 3};
  cell.has_cell_state = true;
  cell.peepholes = {
      {.slot = 0, .current = false}, {.slot = 1, .current = false}, {.slot = 3, .current = true}};
  cell.forget_slot = 1;
  cell.keep_slot = 1;
  cell.write_slot = 0;
  cell.gate_order = "i, f, g, o";
  cell.bias_order = "i, f, g, o";
  cell.peephole_order = "i, f, o";
  cell.forward = kernels::lstm_peephole_forward<Real>;
  cell.backward = kernels::lstm_peephole_backward<Real>;
  return cell;
}

template Cell<float> lstm_peephole();
template Cell<double> lstm_peephole();

}  // namespace rondo::cells
