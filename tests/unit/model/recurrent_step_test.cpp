// The engine of a recurrent layer, driven from outside one step and a few lanes at a time, as a
// decoder does whose attention makes each step's input: the bits of a layer that goes through the
// window itself.
#include "model/recurrent/recurrent_step.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "model/recurrent/recurrent_layer.hpp"
#include "rondo/core/random.hpp"
#include "test_name.hpp"

namespace rondo {
namespace {

constexpr int lanes = 6, times = 7, block = 3, inputs = 21, units = 70;
constexpr PassShape pass{lanes, times, true};

struct Outcome {
  Buffer<float> output, input_gradient, gradient;
};

class RecurrentStepTest : public testing::TestWithParam<std::string> {
 protected:
  RecurrentStepTest()
      : cell(find_cell<float>(GetParam())),
        outputs(cell.projects ? 33 : units),
        segments(add_recurrent_layer(layout, cell, 0, {inputs, units, outputs}, true)),
        parameters(layout.size()),
        stride(step_distance(Panels{inputs}.step_size(lanes))),
        input(filled(inputs, stride, 2)),
        resets(lanes * times) {
    const RandomStream random(1, Purpose::test);
    std::uint64_t position = 0;
    for (const Segment& segment : layout.segments()) {
      for (int row = 0; row < segment.rows(); ++row) {
        for (int column = 0; column < segment.columns; ++column) {
          parameters[segment.offset + segment.index(row, column)] =
              static_cast<float>(random.uniform(position++)) * 0.4F - 0.2F;
        }
      }
    }
    for (std::size_t i = 0; i < resets.size(); ++i) resets[i] = i % 11 == 4 || i == 1;
    options.zoneout = 0.2;
    options.zoneout_cell = cell.has_cell_state ? 0.4 : 0;
    options.weight_dropout = 0.25;
    options.trains_initial = true;
    window.times = times;
    window.lanes = lanes;
    window.resets = resets.data();
    window.index = 3;
  }

  // Steps of `width` units with padding of +0.
  static Buffer<float> filled(int width, std::size_t stride, std::uint64_t seed) {
    const RandomStream random(seed, Purpose::test);
    Buffer<float> values(stride * times);
    std::uint64_t position = 0;
    for (std::size_t t = 0; t < times; ++t) {
      for (int lane = 0; lane < lanes; ++lane) {
        for (int unit = 0; unit < width; ++unit) {
          values[t * stride + Panels{width}.index(lane, unit, lanes)] =
              static_cast<float>(random.uniform(position++)) - 0.5F;
        }
      }
    }
    return values;
  }
  Activations<float> below() { return {input.data(), stride, {inputs}}; }
  void fill_output_gradient(const Activations<float>& gradient) const {
    const Buffer<float> values = filled(outputs, gradient.stride, 5);
    std::copy(values.begin(), values.end(), gradient.data);
  }
  static Buffer<float> copy_of(const Activations<float>& steps) {
    return {steps.data, steps.data + steps.stride * times};
  }

  Outcome of_the_layer() {
    Outcome outcome{{}, Buffer<float>(input.size()), Buffer<float>(layout.size())};
    Allocations memory;
    RecurrentLayer<float> layer(layout, segments, cell, 0, parameters.data(), below(),
                                {outcome.input_gradient.data(), stride, {inputs}}, pass, memory,
                                options);
    for (int job = 0; job < layer.pack_jobs(); ++job) layer.pack_job(job);
    for (const int round : {0, 1}) {
      for (int job = 0; job < layer.prepare_jobs(round); ++job) {
        layer.prepare_job(round, job, window);
      }
    }
    layer.begin_window(window);
    layer.forward(window, {0, lanes});
    outcome.output = copy_of(layer.output());
    fill_output_gradient(layer.output_gradient());
    layer.backward(window, {0, lanes}, nobody);
    float* const buffers[] = {outcome.gradient.data()};
    for (int job = 0; job < layer.gradient_jobs(); ++job) {
      layer.gradient_job(job, window, {block, 0, lanes / block, roots, buffers});
    }
    return outcome;
  }

  Outcome driven_from_outside() {
    Outcome outcome{{}, Buffer<float>(input.size()), Buffer<float>(layout.size())};
    Allocations memory;
    const LayerShape<float> shape(cell, {units}, {outputs}, lanes);
    WindowSteps<float> steps(shape, options, pass, memory);
    InputProducts<float> products(shape, layout[segments.input_weights], layout[segments.bias],
                                  parameters.data(), below(),
                                  {outcome.input_gradient.data(), stride, {inputs}},
                                  kernels::Start::zero, nullptr, pass, memory);
    RecurrentStep<float> engine(layout, segments, parameters.data(), shape, options, steps, pass,
                                memory);
    for (int job = 0; job < products.packed().pack_jobs(); ++job) products.packed().pack_job(job);
    for (int job = 0; job < engine.pack_jobs(); ++job) engine.pack_job(job);
    for (const int round : {0, 1}) {
      for (int job = 0; job < engine.prepare_jobs(round); ++job) {
        engine.prepare_job(round, job, window);
      }
    }
    steps.begin(window);
    const LaneRange parts[] = {{0, 4}, {4, lanes}};
    engine.transition().begin(window.resets, {0, lanes}, steps.entered_state(0),
                              steps.entered_cell(0));
    for (int t = 0; t < times; ++t) {
      for (const LaneRange& part : parts) {
        products.forward({t, t + 1}, part, steps.gates());
        engine.forward(steps.step(window, t, part));
      }
    }
    outcome.output = copy_of(steps.output());
    fill_output_gradient(steps.output_gradient());
    steps.begin_gradients({0, lanes});
    for (int t = times - 1; t >= 0; --t) {
      for (const LaneRange& part : parts) {
        const StepView<float> step = steps.step(window, t, part);
        const StepGradients<float> gradients = steps.gradients(t);
        engine.backward_gates(step, gradients);
        products.backward({t, t + 1}, part, steps.gates(), nobody);
        engine.backward_state(step, gradients);
      }
    }
    const GatesGradient<float> input_weights(layout[segments.input_weights], cell.input_slots,
                                             products.source(), steps.gates());
    std::vector<const SegmentGradient<float>*> parameter_parts = engine.segment_gradients();
    parameter_parts.push_back(&input_weights);
    float* const buffers[] = {outcome.gradient.data()};
    for (const SegmentGradient<float>* part : parameter_parts) {
      for (int job = 0; job < part->gradient_jobs(); ++job) {
        part->gradient_job(job, steps.order(), {block, 0, lanes / block, roots, buffers});
      }
    }
    return outcome;
  }

  const Cell<float>& cell;
  const int outputs;
  ParameterLayout layout;
  RecurrentSegments segments;
  Buffer<float> parameters;
  std::size_t stride;
  Buffer<float> input;
  std::vector<std::uint8_t> resets;
  RecurrentOptions options;
  WindowView window;
  BackwardListener nobody;
  std::vector<TreeNode> roots = tree_roots(0, lanes / block, lanes / block);
};

TEST_P(RecurrentStepTest, DrivenFromOutsideItGivesTheBitsOfALayer) {
  const Outcome layer = of_the_layer(), outside = driven_from_outside();
  EXPECT_EQ(outside.output, layer.output);
  EXPECT_EQ(outside.input_gradient, layer.input_gradient);
  EXPECT_EQ(outside.gradient, layer.gradient);
  for (const Segment& segment : layout.segments()) {
    const float* const first = layer.gradient.data() + segment.offset;
    EXPECT_TRUE(std::any_of(first, first + segment.size, [](float value) { return value != 0; }))
        << segment.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, RecurrentStepTest, testing::ValuesIn(cell_names()),
                         [](const auto& info) { return test::test_name(info.param); });

}  // namespace
}  // namespace rondo
