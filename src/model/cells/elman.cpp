// Elman networks (Elman 1990), torch.nn.RNN: h = f(W x + U h' + b), f = tanh or relu.
#include "rondo/model/cell.hpp"

namespace rondo::cells {
namespace {

template <class Real>
Cell<Real> elman(const char* name) {
  Cell<Real> cell;
  cell.name = name;
  cell.slots = 1;
  cell.input_slots = {0};
  cell.recurrent_slots = {0};
  cell.gate_order = "one";
  cell.bias_order = "one";
  return cell;
}

}  // namespace

template <class Real>
Cell<Real> elman_tanh() {
  Cell<Real> cell = elman<Real>("tanh");
  cell.forward = kernels::tanh_forward<Real>;
  cell.backward = kernels::tanh_backward<Real>;
  return cell;
}

template <class Real>
Cell<Real> elman_relu() {
  Cell<Real> cell = elman<Real>("relu");
  cell.forward = kernels::relu_forward<Real>;
  cell.backward = kernels::relu_backward<Real>;
  return cell;
}

template Cell<float> elman_tanh();
template Cell<double> elman_tanh();
template Cell<float> elman_relu();
template Cell<double> elman_relu();

}  // namespace rondo::cells
