// The cells whose gates are normalised over a lane's units (layer normalisation, Ba, Kiros & Hinton
// 2016): what comes between a step's products and its hidden state, forward and backward, on all
// panels of a range of lanes.
//
// A vector a of H units becomes y = gain * n + bias with n = (a - mean) * scale, mean = sum(a) / H,
// scale = 1 / sqrt(sum((a - mean)^2) / H + 1e-5), as torch.nn.LayerNorm. Sums over units have the
// order of a vector sum: unit u to accumulator u mod 64 in chunks of 4,096, accumulators then
// chunks joined by the tree; padding takes no part. Square root and division are those of IEEE 754.
// What is said of resets, small values and padding in kernels/gates/gates.hpp holds here too.
//
// A step of L lanes has for each panel of units [slot][lane][width] of gates, and, for the vectors
// that are normalised (the slots, then an LSTM's cell state), [vector][lane][width] of `normal` and
// `activated`.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rondo/core/panels.hpp"

namespace rondo::kernels {

template <class Real>
struct NormalizedForward {
  Panels units;
  int lanes = 0;  // of every array
  int lane_begin = 0, lane_end = 0;
  const Real* gains = nullptr;  // for each panel [vector][width]
  const Real* biases = nullptr;
  const Real* gates = nullptr;               // sums of the products, without bias
  Real* normal = nullptr;                    // n of each vector
  Real* activated = nullptr;                 // the gates; of an LSTM's cell state tanh(y)
  Real* scales = nullptr;                    // [vector][lane]
  const std::uint8_t* reset = nullptr;       // [lane], this step
  const std::uint8_t* reset_next = nullptr;  // [lane], next step; null at a window's end
  // For each panel [lane][width]:
  const Real* previous_hidden = nullptr;  // resets applied (GRU)
  const Real* previous_cell = nullptr;    // as carried (LSTM)
  Real* hidden = nullptr;                 // this step's output
  Real* state = nullptr;                  // the next step's input
  Real* cell = nullptr;                   // (LSTM)
};

template <class Real>
struct NormalizedBackward {
  Panels units;
  int lanes = 0;
  int lane_begin = 0, lane_end = 0;
  const Real* gains = nullptr;
  Real* gates = nullptr;         // out: gradients of the products' sums
  const Real* normal = nullptr;  // as forward left them
  Real* activated = nullptr;     // as forward left them; out: gradients of y, which are the biases'
  const Real* scales = nullptr;
  const std::uint8_t* reset = nullptr;
  // For each panel [lane][width], as in CellBackward:
  const Real* previous_hidden = nullptr;  // (GRU)
  const Real* previous_cell = nullptr;    // (LSTM)
  const Real* hidden_gradient = nullptr;
  Real* cell_gradient = nullptr;         // (LSTM)
  const Real* from_above = nullptr;      // null: +0
  Real* next_hidden_gradient = nullptr;  // may be the same memory as hidden_gradient
};

// LSTM: slots i, f, g, o; vectors those and c. With y of each: i, f, o = s(y), g = tanh(y),
// c = f c' + i g, h = o tanh(y_c). The cell state that is carried is c itself.
template <class Real>
void lstm_norm_forward(const NormalizedForward<Real>& step);
template <class Real>
void lstm_norm_backward(const NormalizedBackward<Real>& step);

// GRU: slots and vectors r, z, n (input's part), m (recurrent part). r, z = s(y),
// n = tanh(y_n + r y_m), h = n + z (h' - n). Forward leaves r, z, n and y_m in `activated`.
template <class Real>
void gru_norm_forward(const NormalizedForward<Real>& step);
template <class Real>
void gru_norm_backward(const NormalizedBackward<Real>& step);

// The table: one line a cell, for whoever proves, tests or counts them all.
template <class Real>
struct NormalizedKernels {
  const char* name;    // the cell's (model/cell.hpp)
  int slots, vectors;  // the latter are what it normalises
  void (*forward)(const NormalizedForward<Real>&);
  void (*backward)(const NormalizedBackward<Real>&);
  constexpr bool has_cell_state() const { return vectors > slots; }
};
template <class Real>
inline constexpr NormalizedKernels<Real> normalized_kernels[] = {
    {"lstm-norm", 4, 5, lstm_norm_forward<Real>, lstm_norm_backward<Real>},
    {"gru-norm", 4, 4, gru_norm_forward<Real>, gru_norm_backward<Real>},
};

}  // namespace rondo::kernels
