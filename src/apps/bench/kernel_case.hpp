// One kernel at one shape, ready to run: what `rondo bench kernels` measures.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "rondo/core/buffer.hpp"

namespace rondo::apps::bench {

struct KernelCase {
  std::string kernel;
  std::string shape;
  double operations = 0;         // floating-point, useful ones; 0: not counted, bytes bound alone
  double bytes = 0;              // read and written at least once each
  std::size_t working_set = 0;   // bytes that a call touches: which cache holds them
  std::function<void()> work{};  // one call
};

// Takes a case while its buffers live.
using MeasureKernel = std::function<void(const KernelCase&)>;

// Products of an LSTM layer of `hidden` units over as many inputs: "step" (recurrent, all gates,
// one time step), "back" (its gradient), "input" (the gradient at the layer's input, a whole
// window), "outer" (the weights' gradient, a whole window).
void product_kernels(int hidden, int lanes, const MeasureKernel& measure);
// The elementwise part of each cell, forward and backward, one time step.
void gate_kernels(int hidden, int lanes, const MeasureKernel& measure);
// Softmax with cross-entropy and its gradient over `classes`, one time step.
void softmax_kernels(int classes, int lanes, const MeasureKernel& measure);
// Rows of a table to activations, and gradients back to it, a whole window.
void embedding_kernels(int vocabulary, int width, int lanes, const MeasureKernel& measure);
// Adam, and the sum of squares of the gradient.
void update_kernels(int elements, const MeasureKernel& measure);

// `size` values that no kernel turns into large ones or denormals.
Buffer<float> bench_values(std::size_t size, float value);

}  // namespace rondo::apps::bench
