// The elementwise part of the recurrent cells, forward and backward, on one panel and a range of
// lanes. Formulas are PyTorch's (torch.nn.RNN, LSTM, GRU; GRU in cuDNN's "reset after" form).
//
// A panel of `slots` gate slots is [slot][lane][width] at stride `slot_stride`; the products leave
// the pre-activations there, forward overwrites them by the activated gates, backward by the
// gradients of the pre-activations. Padding units (from `valid` to `width`) come out as +0.
//
// Lanes with reset[lane] != 0 start from a zero state at this step: their `previous` values count
// as +0, and what would flow into them backward is selected to +0. `state` is the hidden state as
// the next step will read it: +0 where reset_next[lane] != 0. Masks select, never multiply.
// Activations, cell states and all gradients below 2^-60 are selected to +0 as they are written.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rondo::kernels {

template <class Real>
struct CellForward {
  int width = 0, valid = 0;
  int lane_begin = 0, lane_end = 0;
  Real* gates = nullptr;
  std::size_t slot_stride = 0;
  const std::uint8_t* reset = nullptr;       // [lane], this step
  const std::uint8_t* reset_next = nullptr;  // [lane], next step; null at a window's end
  const Real* previous_hidden = nullptr;     // [lane][width], resets applied (GRU)
  const Real* previous_cell = nullptr;       // [lane][width], as carried (LSTM)
  Real* hidden = nullptr;                    // [lane][width], this step's output
  Real* state = nullptr;                     // [lane][width], the next step's input
  Real* cell = nullptr;                      // [lane][width] (LSTM)
  const Real* diagonals = nullptr;           // [number][width]: weights a unit (peepholes)
};

template <class Real>
struct CellBackward {
  int width = 0, valid = 0;
  int lane_begin = 0, lane_end = 0;
  Real* gates = nullptr;  // activated gates in, pre-activation gradients out
  std::size_t slot_stride = 0;
  const std::uint8_t* reset = nullptr;
  const Real* previous_hidden = nullptr;  // GRU
  const Real* previous_cell = nullptr;    // LSTM
  const Real* cell = nullptr;             // LSTM
  // Gradient of this step's output: the finished chain of dh, read with small values as +0.
  const Real* hidden_gradient = nullptr;  // [lane][width]
  Real* cell_gradient = nullptr;  // [lane][width], carried: in for this step, out for t - 1 (LSTM)
  // Out: where the chain of dh at t - 1 starts: from_above (the gradient that arrives at the output
  // of t - 1 from the layer above; null at t = 0: +0) plus the cell's own elementwise term.
  const Real* from_above = nullptr;      // [lane][width]
  Real* next_hidden_gradient = nullptr;  // [lane][width]; may be the same memory as hidden_gradient
  const Real* diagonals = nullptr;       // as forward
};

// Elman: one slot, where h itself is left. h = f(a), f = tanh or relu.
template <class Real>
void tanh_forward(const CellForward<Real>& step);
template <class Real>
void tanh_backward(const CellBackward<Real>& step);
template <class Real>
void relu_forward(const CellForward<Real>& step);
template <class Real>
void relu_backward(const CellBackward<Real>& step);

// LSTM: slots i, f, g, o. c = f c' + i g, h = o tanh(c).
template <class Real>
void lstm_forward(const CellForward<Real>& step);
template <class Real>
void lstm_backward(const CellBackward<Real>& step);

// Coupled LSTM: slots f, g, o. c = f c' + (1 - f) g, computed as g + f (c' - g); h = o tanh(c).
template <class Real>
void lstm_coupled_forward(const CellForward<Real>& step);
template <class Real>
void lstm_coupled_backward(const CellBackward<Real>& step);

// Peephole LSTM: slots i, f, g, o; diagonals p_i, p_f, p_o. The chains of i and f end with p c',
// that of o with p_o c; the rest is the LSTM's. Peepholes' gradients come from the slots'
// (kernels/products/diagonal.hpp).
template <class Real>
void lstm_peephole_forward(const CellForward<Real>& step);
template <class Real>
void lstm_peephole_backward(const CellBackward<Real>& step);

// GRU: slots r, z, n (input's part), m (recurrent part, with its own bias).
// n = tanh(a_n + r a_m), h = n + z (h' - n). Forward leaves r, z, n and the pre-activation a_m in
// the slots; backward leaves the gradients of a_r, a_z, a_n, a_m.
template <class Real>
void gru_forward(const CellForward<Real>& step);
template <class Real>
void gru_backward(const CellBackward<Real>& step);

// The table: one line a cell, for whoever proves, tests or counts them all.
template <class Real>
struct CellKernels {
  const char* name;  // the cell's (model/cell.hpp)
  int slots;
  bool has_cell_state;  // reads and writes c
  bool keeps_hidden;    // h' enters h beside the products
  void (*forward)(const CellForward<Real>&);
  void (*backward)(const CellBackward<Real>&);
};
template <class Real>
inline constexpr CellKernels<Real> cell_kernels[] = {
    {"tanh", 1, false, false, tanh_forward<Real>, tanh_backward<Real>},
    {"relu", 1, false, false, relu_forward<Real>, relu_backward<Real>},
    {"lstm", 4, true, false, lstm_forward<Real>, lstm_backward<Real>},
    {"gru", 4, false, true, gru_forward<Real>, gru_backward<Real>},
    {"lstm-coupled", 3, true, false, lstm_coupled_forward<Real>, lstm_coupled_backward<Real>},
    {"lstm-peephole", 4, true, false, lstm_peephole_forward<Real>, lstm_peephole_backward<Real>},
};

}  // namespace rondo::kernels
