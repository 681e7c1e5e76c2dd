// Layer-normalised GRU (Ba, Kiros & Hinton 2016): each gate is normalised over its H units by
// itself, r and z after the input's and the recurrent product have been added, the candidate's two
// parts apart, as r comes between them:
//   r, z = s(N(a)), n = tanh(N(W_n x) + r N(U_n h')), h = (1 - z) n + z h',
//   N(a) = gain * (a - mean(a)) / sqrt(var(a) + 1e-5) + bias, a gain and a bias a unit for each of
//   the four, var the mean of squares.
#include "rondo/model/cell.hpp"

namespace rondo::cells {

template <class Real>
Cell<Real> gru_norm() {
  Cell<Real> cell;
  cell.name = "gru-norm";
  cell.slots = 4;
  cell.input_slots = {0, 1, 2};
  cell.recurrent_slots = {0, 1, 3};
  cell.normalized = 4;
  cell.keep_slot = 1;
  cell.gate_order = "r, z, n";
  cell.bias_order = "r, z, n (input part), n (recurrent part)";
  cell.normalized_forward = kernels::gru_norm_forward<Real>;
  cell.normalized_backward = kernels::gru_norm_backward<Real>;
  return cell;
}

template Cell<float> gru_norm();
template Cell<double> gru_norm();

}  // namespace rondo::cells
