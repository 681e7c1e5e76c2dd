// Gated recurrent unit (Cho et al. 2014) in the "reset after" form of cuDNN and torch.nn.GRU:
// n = tanh(W_n x + b_n + r (U_n h' + b_m)), h = (1 - z) n + z h'. The candidate's recurrent part
// has a slot and a bias of its own (m), because r multiplies it before the sum.
#include "rondo/model/cell.hpp"

namespace rondo::cells {

template <class Real>
Cell<Real> gru() {
  Cell<Real> cell;
  cell.name = "gru";
  cell.slots = 4;
  cell.input_slots = {0, 1, 2};
  cell.recurrent_slots = {0, 1, 3};
  cell.keep_slot = 1;
  cell.gate_order = "r, z, n";
  cell.bias_order = "r, z, n (input part), n (recurrent part)";
  cell.forward = kernels::gru_forward<Real>;
  cell.backward = kernels::gru_backward<Real>;
  return cell;
}

template Cell<float> gru();
template Cell<double> gru();

}  // namespace rondo::cells
