// The engine of a recurrent layer, driven from outside one step and a few lanes at a time, as a
// decoder does whose attention makes each step's input: the bits of a layer that goes through the
// window itself. And such a layer, reversed: those of one that goes forward through the window's
// mirror image.
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

// Rows of steps, the last one first.
template <class Values>
void mirror(Values& steps) {
  const auto row = static_cast<std::ptrdiff_t>(steps.size() / times);
  for (int t = 0; t < times / 2; ++t) {
    const auto first = steps.begin() + t * row;
    std::swap_ranges(first, first + row, steps.end() - (t + 1) * row);
  }
}

class RecurrentStepTest : public testing::TestWithParam<std::string> {
 protected:
  RecurrentStepTest()
      : cell(find_cell<float>(GetParam())),
        outputs(cell.projects ? 33 : units),
        segments(add_recurrent_layer(layout, cell, {0}, {inputs, units, outputs}, true)),
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
    window.lanes = window.stride = lanes;
    window.resets = resets.data();
    window.index = 3;
  }

  // Draws by these sequences' own steps.
  void set_owners() {
    made_up.axes[0].owners.resize(resets.size());
    for (int i = 0; i < times * lanes; ++i) {
      made_up.axes[0].owners[static_cast<std::size_t>(i)] = {7 + i % lanes, i / lanes};
    }
    window.window = &made_up;
  }
  // What a reversed layer sees, for one that is not.
  void mirror_window() {
    mirror(input);
    mirror(made_up.axes[0].owners);
    mirrored_gradient = !mirrored_gradient;
    // A bit between two steps stays between them; all lanes begin behind the window's end.
    std::vector<std::uint8_t> bits(resets.begin() + lanes, resets.end());
    bits.insert(bits.end(), lanes, 1);
    mirror(bits);
    resets = bits;
    window.resets = resets.data();
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
    Buffer<float> values = filled(outputs, gradient.stride, 5);
    if (mirrored_gradient) mirror(values);
    std::copy(values.begin(), values.end(), gradient.data);
  }
  static Buffer<float> copy_of(const Activations<float>& steps) {
    return {steps.data, steps.data + steps.stride * times};
  }

  Outcome of_the_layer() {
    Outcome outcome{{}, Buffer<float>(input.size()), Buffer<float>(layout.size())};
    Allocations memory;
    RecurrentLayer<float> layer(layout, segments, cell, {0}, parameters.data(), below(),
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
    engine.transition().begin(0, window.resets, {0, lanes}, steps.entered_state(0),
                              steps.entered_cell(0));
    for (int t = 0; t < times; ++t) {
      for (const LaneRange& part : parts) {
        products.forward({t, t + 1}, part, steps.gates());
        engine.forward(steps.step(window, t, part));
      }
    }
    outcome.output = copy_of(steps.output());
    fill_output_gradient(steps.output_gradient());
    steps.begin_gradients(window, {0, lanes});
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
  Window made_up;
  WindowView window;
  bool mirrored_gradient = false;
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

TEST_P(RecurrentStepTest, ReversedALayerGivesTheBitsOfTheMirroredWindow) {
  set_owners();
  for (const bool plain : {false, true}) {
    SCOPED_TRACE(plain);
    if (plain) {  // states between steps lie otherwise
      options = {};
      segments.initial.clear();
    }
    options.reversed = true;
    const Outcome reversed = of_the_layer();
    options.reversed = false;
    mirror_window();
    Outcome expected = of_the_layer();
    EXPECT_EQ(reversed.gradient, expected.gradient);
    mirror(expected.output);
    mirror(expected.input_gradient);
    EXPECT_EQ(reversed.output, expected.output);
    EXPECT_EQ(reversed.input_gradient, expected.input_gradient);
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, RecurrentStepTest, testing::ValuesIn(cell_names()),
                         [](const auto& info) { return test::test_name(info.param); });

}  // namespace
}  // namespace rondo
