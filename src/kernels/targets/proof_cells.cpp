// The recurrent cells' part of prove_target.
#include "kernels/targets/proof.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/gates/gates.hpp"
#include "rondo/kernels/normalized/normalized.hpp"

namespace rondo::kernels {
namespace {

constexpr std::uint8_t kReset[kLanes] = {0, 1, 0, 0, 1, 0, 0};
constexpr std::uint8_t kResetNext[kLanes] = {0, 0, 1, 0, 1, 0, 0};

// One step of a cell forward and backward, on a panel of 48 with 41 units.
Values prove_cell(const CellKernels<float>& kernels) {
  constexpr std::size_t size = 48 * kLanes;
  Values gates = numbers(4 * size, 10, 3.0);
  const Values previous_hidden = numbers(size, 11, 1.0), previous_cell = numbers(size, 12, 1.0);
  Values hidden(size), state(size), cell(size);
  CellForward<float> there;
  there.width = 48;
  there.valid = 41;
  there.lane_end = kLanes;
  there.gates = gates.data();
  there.slot_stride = size;
  there.reset = kReset;
  there.reset_next = kResetNext;
  there.previous_hidden = previous_hidden.data();
  there.previous_cell = previous_cell.data();
  there.hidden = hidden.data();
  there.state = state.data();
  there.cell = cell.data();
  const Values diagonals = numbers(3 * 48, 21, 1.0);
  there.diagonals = diagonals.data();
  kernels.forward(there);
  Values all = gates;
  for (const Values* values : {&hidden, &state, &cell}) append(all, *values);

  const Values hidden_gradient = numbers(size, 13, 1.0), from_above = numbers(size, 14, 1.0);
  Values cell_gradient = numbers(size, 15, 1.0), next(size);
  CellBackward<float> back;
  back.width = there.width;
  back.valid = there.valid;
  back.lane_end = kLanes;
  back.gates = gates.data();
  back.slot_stride = size;
  back.reset = kReset;
  back.previous_hidden = previous_hidden.data();
  back.previous_cell = previous_cell.data();
  back.cell = cell.data();
  back.hidden_gradient = hidden_gradient.data();
  back.cell_gradient = cell_gradient.data();
  back.from_above = from_above.data();
  back.next_hidden_gradient = next.data();
  back.diagonals = diagonals.data();
  kernels.backward(back);
  for (const Values* values : {&gates, &cell_gradient, &next}) append(all, *values);
  return all;
}

// The same of a cell that normalises, on two panels.
Values prove_normalized(const NormalizedKernels<float>& kernels) {
  NormalizedForward<float> there;
  there.units = Panels{105};
  there.lanes = there.lane_end = kLanes;
  constexpr int vectors = 5;
  const std::size_t size = there.units.step_size(kLanes);
  const auto weights = static_cast<std::size_t>(there.units.padded()) * vectors;
  const Values gains = numbers(weights, 24, 1.0), biases = numbers(weights, 25, 0.5);
  Values gates = numbers(4 * size, 26, 3.0), normal(vectors * size), activated(vectors * size);
  Values scales(vectors * kLanes), hidden(size), state(size), cell(size);
  const Values previous = numbers(size, 27, 1.0), previous_cell = numbers(size, 28, 1.0);
  there.gains = gains.data();
  there.biases = biases.data();
  there.gates = gates.data();
  there.normal = normal.data();
  there.activated = activated.data();
  there.scales = scales.data();
  there.reset = kReset;
  there.reset_next = kResetNext;
  there.previous_hidden = previous.data();
  there.previous_cell = previous_cell.data();
  there.hidden = hidden.data();
  there.state = state.data();
  there.cell = cell.data();
  kernels.forward(there);
  Values all = activated;
  for (const Values* values : {&normal, &scales, &hidden, &state, &cell}) append(all, *values);

  const Values hidden_gradient = numbers(size, 29, 1.0), from_above = numbers(size, 30, 1.0);
  Values cell_gradient = numbers(size, 31, 1.0), next(size);
  NormalizedBackward<float> back;
  back.units = there.units;
  back.lanes = back.lane_end = kLanes;
  back.gains = gains.data();
  back.gates = gates.data();
  back.normal = normal.data();
  back.activated = activated.data();
  back.scales = scales.data();
  back.reset = kReset;
  back.previous_hidden = previous.data();
  back.previous_cell = previous_cell.data();
  back.hidden_gradient = hidden_gradient.data();
  back.cell_gradient = cell_gradient.data();
  back.from_above = from_above.data();
  back.next_hidden_gradient = next.data();
  kernels.backward(back);
  for (const Values* values : {&gates, &activated, &cell_gradient, &next}) append(all, *values);
  return all;
}

}  // namespace

std::vector<Proof> cell_proofs() {
  std::vector<Proof> proofs;
  for (const CellKernels<float>& kernels : cell_kernels<float>) {
    proofs.push_back({std::string(kernels.name) + " cell", [&] { return prove_cell(kernels); }});
  }
  for (const NormalizedKernels<float>& kernels : normalized_kernels<float>) {
    proofs.push_back(
        {std::string(kernels.name) + " cell", [&] { return prove_normalized(kernels); }});
  }
  return proofs;
}

}  // namespace rondo::kernels
