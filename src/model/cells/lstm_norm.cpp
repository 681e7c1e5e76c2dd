// Layer-normalised LSTM (Ba, Kiros & Hinton 2016). Each gate is normalised over its H units by
// itself, after the input's and the recurrent product have been added (the paper normalises the two
// products apart, over all gates together), and so is the cell state on its way out:
//   i, f, o = s(N(a)), g = tanh(N(a)), c = f c' + i g, h = o tanh(N(c)),
//   N(a) = gain * (a - mean(a)) / sqrt(var(a) + 1e-5) + bias, a gain and a bias a unit for each of
//   the five, var the mean of squares. c itself is carried, as in the paper.
#include "rondo/model/cell.hpp"

namespace rondo::cells {

template <class Real>
Cell<Real> lstm_norm() {
  Cell<Real> cell;
  cell.name = "lstm-norm";
  cell.slots = 4;
  cell.input_slots = {0, 1, 2, 3};
  cell.recurrent_slots = {0, 1, 2, 3};
  cell.has_cell_state = true;
  cell.normalized = 5;
  cell.forget_slot = 1;
  cell.keep_slot = 1;
  cell.write_slot = 0;
  cell.gate_order = "i, f, g, o";
  cell.bias_order = "i, f, g, o, cell state";
  cell.normalized_forward = kernels::lstm_norm_forward<Real>;
  cell.normalized_backward = kernels::lstm_norm_backward<Real>;
  return cell;
}

template Cell<float> lstm_norm();
template Cell<double> lstm_norm();

}  // namespace rondo::cells
