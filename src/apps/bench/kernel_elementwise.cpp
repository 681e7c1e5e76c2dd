#include <fmt/format.h>

#include <cstdint>
#include <vector>

#include "apps/bench/kernel_case.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/gates/gates.hpp"
#include "rondo/kernels/losses/softmax.hpp"
#include "rondo/kernels/math/math.hpp"
#include "rondo/kernels/updates/update.hpp"
#include "rondo/model/cell.hpp"

namespace rondo::apps::bench {
namespace {

using kernels::CellBackward;
using kernels::CellForward;
using kernels::NormalizedBackward;
using kernels::NormalizedForward;

// One time step of a cell, laid out as a recurrent layer does.
struct GateData {
  GateData(const Cell<float>& kind, int hidden, int lane_count)
      : cell(kind),
        units{hidden},
        lanes(lane_count),
        size(units.step_size(lane_count)),
        gates(bench_values(static_cast<std::size_t>(kind.slots) * size, 0.25F)),
        previous(bench_values(size, 0.5F)),
        values(bench_values(size, 0.5F)),
        states(size),
        cells(bench_values(size, 0.5F)),
        gradients(bench_values(size, 0.01F)),
        diagonals(bench_values(3 * Panels::full, 0.25F)),
        gains(bench_values(vectors() * static_cast<std::size_t>(units.padded()), 1.0F)),
        normal(vectors() * size),
        activated(vectors() * size),
        scales(vectors() * static_cast<std::size_t>(lane_count)),
        resets(static_cast<std::size_t>(lane_count)) {}

  // What both directions are told of panel j.
  template <class Step>
  Step panel(int j) {
    const std::size_t at = units.offset(j, lanes);
    Step step;
    step.width = units.width(j);
    step.valid = units.valid(j);
    step.lane_end = lanes;
    step.gates = gates.data() + at * static_cast<std::size_t>(cell.slots);
    step.slot_stride = static_cast<std::size_t>(lanes) * static_cast<std::size_t>(step.width);
    step.reset = resets.data();
    step.previous_hidden = previous.data() + at;
    step.previous_cell = previous.data() + at;
    step.cell = cells.data() + at;
    step.diagonals = diagonals.data();
    return step;
  }
  // What both directions are told where a cell normalises.
  template <class Step>
  Step all_panels() {
    Step step;
    step.units = units;
    step.lanes = step.lane_end = lanes;
    step.gains = gains.data();
    step.gates = gates.data();
    step.normal = normal.data();
    step.activated = activated.data();
    step.scales = scales.data();
    step.reset = resets.data();
    step.previous_hidden = previous.data();
    step.previous_cell = previous.data();
    return step;
  }
  void forward() {
    if (cell.normalized > 0) {
      auto step = all_panels<NormalizedForward<float>>();
      step.biases = gains.data();
      step.hidden = values.data();
      step.state = states.data();
      step.cell = cells.data();
      cell.normalized_forward(step);
      return;
    }
    for (int j = 0; j < units.count(); ++j) {
      auto step = panel<CellForward<float>>(j);
      step.hidden = values.data() + units.offset(j, lanes);
      step.state = states.data() + units.offset(j, lanes);
      cell.forward(step);
    }
  }
  void backward() {
    if (cell.normalized > 0) {
      auto step = all_panels<NormalizedBackward<float>>();
      step.hidden_gradient = gradients.data();
      step.cell_gradient = states.data();
      step.from_above = previous.data();
      step.next_hidden_gradient = values.data();
      cell.normalized_backward(step);
      return;
    }
    for (int j = 0; j < units.count(); ++j) {
      const std::size_t at = units.offset(j, lanes);
      auto step = panel<CellBackward<float>>(j);
      step.hidden_gradient = gradients.data() + at;
      step.cell_gradient = states.data() + at;
      step.from_above = previous.data() + at;
      step.next_hidden_gradient = values.data() + at;
      cell.backward(step);
    }
  }

  std::size_t vectors() const { return static_cast<std::size_t>(cell.normalized); }

  const Cell<float>& cell;
  Panels units;
  int lanes;
  std::size_t size;
  Buffer<float> gates, previous, values, states, cells, gradients, diagonals;
  Buffer<float> gains, normal, activated, scales;
  std::vector<std::uint8_t> resets;
};

}  // namespace

Buffer<float> bench_values(std::size_t size, float value) {
  Buffer<float> values(size, value);
  // Not all the same, so that nothing is found to be simpler than it is.
  for (std::size_t i = 0; i < size; i += 3) values[i] *= 0.5F;
  return values;
}

void gate_kernels(int hidden, int lanes, const MeasureKernel& measure) {
  const std::string shape = fmt::format("H {}, {} lanes", hidden, lanes);
  for (const std::string& name : cell_names()) {
    const Cell<float>& cell = find_cell<float>(name);
    if (cell.projects) continue;  // the gates are those of the same cell without
    GateData data(cell, hidden, lanes);
    const double array = 4.0 * hidden * lanes;
    const double cells = cell.has_cell_state ? 1 : 0;
    // Forward: gates read and written, hidden state and its copy written, the cell state read and
    // written. Backward: gates read and written; dh and the gradient from above read, the next dh
    // written; the cell states before and after read, its gradient read and written. Where vectors
    // are normalised: forward n and the activated ones written, and not the gates; backward n and
    // the activated ones read, the latter written, and of gates and cell states less read.
    const double norms = cell.normalized;
    const double kept = norms > 0 ? 1 : 0;
    const double forward = ((2.0 - kept) * cell.slots + 2 + 2 * cells + 2 * norms) * array;
    const double backward =
        ((2.0 - kept) * cell.slots + 3 + (4 - kept) * cells + 3 * norms) * array;
    const auto working_set = [](double bytes) { return static_cast<std::size_t>(bytes); };
    measure({name + " forward", shape, 0, forward, working_set(forward), [&] { data.forward(); }});
    measure(
        {name + " backward", shape, 0, backward, working_set(backward), [&] { data.backward(); }});
  }
}

void softmax_kernels(int classes, int lanes, const MeasureKernel& measure) {
  const Panels panels{classes};
  Buffer<float> logits = bench_values(panels.step_size(lanes), 0.5F);
  const std::vector<std::int32_t> targets(static_cast<std::size_t>(lanes), classes / 2);
  std::vector<double> losses(targets.size());
  kernels::SoftmaxStep<float> step;
  step.classes = panels;
  step.lanes = lanes;
  step.lane_end = lanes;
  step.logits = logits.data();
  step.target = targets.data();
  step.loss = losses.data();
  step.gradient = true;
  // Logits read, gradients written over them.
  const double bytes = 2.0 * 4.0 * classes * lanes;
  measure({"softmax", fmt::format("V {}, {} lanes", classes, lanes), 0, bytes,
           static_cast<std::size_t>(bytes / 2), [&] { kernels::softmax_cross_entropy(step); }});
}

void update_kernels(int elements, const MeasureKernel& measure) {
  const auto size = static_cast<std::size_t>(elements);
  Buffer<float> parameters = bench_values(size, 0.1F), gradient = bench_values(size, 0.01F);
  Buffer<float> first(size), second(size);
  const std::string shape = fmt::format("{} values", elements);
  const kernels::AdamStep<float> step = {.factor = 0.5F,
                                         .beta1 = 0.9F,
                                         .one_minus_beta1 = 0.1F,
                                         .beta2 = 0.999F,
                                         .one_minus_beta2 = 0.001F,
                                         .step_size = 1e-6F,
                                         .inverse_root_bias2 = 1.0F,
                                         .epsilon = 1e-8F,
                                         .weight_decay = 0.0F};
  // Four arrays read, three of them written.
  measure({"adam", shape, 0, 28.0 * elements, 16 * size,
           [&] { kernels::adam<float>(step, parameters, gradient, first, second); }});
  volatile double sink = 0;
  measure({"squares", shape, 2.0 * elements, 4.0 * elements, 4 * size,
           [&] { sink = kernels::sum_of_squares<float>(gradient); }});
  static_cast<void>(sink);
}

}  // namespace rondo::apps::bench
