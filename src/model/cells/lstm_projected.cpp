// Long short-term memory with a recurrent projection (Sak, Senior & Beaufays 2014, "LSTMP"; without
// its peepholes: torch.nn.LSTM with proj_size): c = f c' + i g of H units, h = W (o tanh(c)) of P.
// The next step, the layer above and the softmax read h; W has no bias. With P = H / 2 the products
// of a step take 5/8 of the LSTM's multiply-adds.
//
// Chains: h starts at +0 and goes over the H units of o tanh(c), ascending. Backward, the gradient
// at o tanh(c) starts at +0 and goes over the P units of dh, ascending, when the chain of dh is
// finished.
#include "rondo/model/cell.hpp"

namespace rondo::cells {

template <class Real>
Cell<Real> lstm();  // lstm.cpp

template <class Real>
Cell<Real> lstm_projected() {
  Cell<Real> cell = lstm<Real>();
  cell.name = "lstm-projected";
  cell.projects = true;
  return cell;
}

template Cell<float> lstm_projected();
template Cell<double> lstm_projected();

}  // namespace rondo::cells
