// Numerical gradients in double for every cell x segment x window length, with masked targets and
// resets inside the window. A gradient is right if central differences, extrapolated once, agree to
// 1e-6 of its norm.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "made_window.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"
#include "test_name.hpp"

namespace rondo {
namespace {

struct Case {
  std::string name;
  ModelShape shape;
  int times;
};

class GradientTest : public testing::TestWithParam<Case> {
 protected:
  static constexpr int lanes = 4;
  static constexpr int block = 2;

  GradientTest() : layout(shape().plan().layout()), parameters(layout.size()) {
    const int times = GetParam().times;
    initialize<double>(shape(), layout, {.seed = 7}, parameters);
    // Biases of 0 would leave a relu that nothing has come to where it has no derivative.
    for (const Segment& segment : layout.segments()) {
      for (int row = 0; segment.vector && row < segment.rows(); ++row) {
        parameters[segment.offset + segment.index(row, 0)] += 0.02 * (row % 7) - 0.045;
      }
    }
    for (int i = 0; i < times * lanes; ++i) {
      inputs.push_back((i * 5 + 1) % 6);
      targets.push_back(i % 5 == 3 ? -1 : (i * 7 + 2) % 6);
      resets.push_back(static_cast<std::uint8_t>(i < lanes ? i % 2 : i % 7 == 4));
    }
  }

  static ModelShape shape() { return GetParam().shape; }

  // Made once: views of it stay good.
  WindowView window() const {
    if (!made_)
      made_.emplace(GetParam().times, lanes, inputs.data(), targets.data(), resets.data(), 0);
    return {made_->window, 0};
  }

  // Every evaluation starts from the same carried state, which is not zero.
  void set_state(Network<double>& network) const {
    NamedState state;
    for (int layer = 0; layer < 2; ++layer) {
      for (const char* what : {"hidden", "cell"}) {
        const auto units = static_cast<std::uint64_t>(*what == 'h' ? shape().outputs() : 5);
        std::vector<double> values(lanes * units);
        for (std::size_t i = 0; i < values.size(); ++i) {
          values[i] =
              0.1 * static_cast<double>((i * 3 + static_cast<std::size_t>(layer)) % 7) - 0.3;
        }
        state.put<double>("rnn." + std::string(what) + "_l" + std::to_string(layer), values,
                          {lanes, units});
      }
    }
    network.load_state("", state, 0, lanes);
  }

  double loss(Network<double>& network) {
    set_state(network);
    network.pack(pool);
    network.forward(window(), pool);
    std::vector<double> losses(lanes / block);
    std::vector<double> counts(lanes / block);
    network.block_losses(window(), block, losses, counts);
    return std::accumulate(losses.begin(), losses.end(), 0.0);
  }

  ThreadPool pool{1};
  ParameterLayout layout;
  Buffer<double> parameters;
  std::vector<std::int32_t> inputs, targets;
  std::vector<std::uint8_t> resets;
  mutable std::optional<test::MadeWindow> made_;
};

TEST_P(GradientTest, AgreesWithCentralDifferencesInEverySegment) {
  Network<double> network(shape(), layout, parameters.data(), {lanes, GetParam().times, true});
  Buffer<double> gradient(shape().plan().gradient_size());
  double* buffers[] = {gradient.data()};
  const std::vector<TreeNode> roots = {{1, 0}};
  const GradientSums<double> sums{block, 0, lanes / block, roots, buffers};
  BackwardListener nobody;
  loss(network);
  for (int stage = network.stages() - 1; stage >= 0; --stage) {
    network.backward(stage, window(), sums, pool, nobody);
  }
  network.finish_gradient(0, gradient, pool);

  for (const Segment& segment : layout.segments()) {
    double error = 0, size = 0;
    for (int row = 0; row < segment.rows(); ++row) {
      for (int column = 0; column < segment.columns; ++column) {
        double& parameter = parameters[segment.offset + segment.index(row, column)];
        const double kept = parameter;
        const auto slope = [&](double h) {
          parameter = kept + h;
          const double above = loss(network);
          parameter = kept - h;
          const double below = loss(network);
          parameter = kept;
          return (above - below) / (2 * h);
        };
        // Without the error's first term, h^2: it is large where a normalised vector is nearly
        // constant over its units. With h^4 left, h can be large, which small gradients need.
        const double numeric = (4 * slope(5e-5) - slope(1e-4)) / 3;
        const double analytic = gradient[segment.offset + segment.index(row, column)];
        error += (numeric - analytic) * (numeric - analytic);
        size += numeric * numeric;
      }
    }
    EXPECT_GT(size, 0.0) << segment.name;
    EXPECT_LT(std::sqrt(error), 1e-6 * std::sqrt(size)) << segment.name;
  }
}

ModelShape small_shape(const std::string& cell) {
  ModelShape shape;
  shape.cell = cell;
  shape.layers = 2;
  shape.hidden = 5;
  shape.projection = find_cell<double>(cell).projects ? 3 : 0;
  shape.embedding = 3;
  shape.vocabulary = 6;
  return shape;
}

// Every cell by itself; what is independent of the cell, on one.
std::vector<Case> cases() {
  std::vector<Case> all;
  const auto add = [&](const std::string& name, const ModelShape& shape) {
    for (const int times : {1, 2, 7}) all.push_back({name, shape, times});
  };
  for (const std::string& cell : cell_names()) add(cell, small_shape(cell));
  ModelShape residual = small_shape("gru");
  residual.residual = true;
  add("residual", residual);
  ModelShape tied = small_shape("lstm");
  tied.embedding = tied.hidden;
  tied.tied = true;
  add("tied", tied);
  ModelShape projected = small_shape("lstm-projected");
  projected.embedding = projected.projection;
  projected.tied = projected.residual = true;
  projected.dropout = projected.dropout_output = projected.dropout_weights = 0.3;
  add("projected-tied", projected);
  ModelShape dropout = small_shape("tanh");
  dropout.dropout_input = dropout.dropout = dropout.dropout_output = 0.3;
  dropout.dropout_embedding = 0.2;
  add("dropout", dropout);
  dropout.dropout_locked = true;
  add("dropout-locked", dropout);
  ModelShape weights = small_shape("gru");
  weights.dropout_weights = 0.4;
  add("dropout-weights", weights);
  for (const std::string& cell : cell_names()) {
    ModelShape zoned = small_shape(cell);
    zoned.zoneout = 0.3;
    if (find_cell<double>(cell).has_cell_state) zoned.zoneout_cell = 0.4;
    add(cell + "-zoneout", zoned);
  }
  // With zoneout, as both change what a step enters with.
  for (const std::string& cell : cell_names()) {
    ModelShape trained = small_shape(cell);
    trained.initial_state = "trained";
    add(cell + "-initial-state", trained);
    trained.zoneout = 0.3;
    if (find_cell<double>(cell).has_cell_state) trained.zoneout_cell = 0.4;
    add(cell + "-initial-state-zoneout", trained);
  }
  // A reversed layer's window of one step has nothing to remember, unless it begins with something.
  for (const std::string& cell : cell_names()) {
    ModelShape both = small_shape(cell);
    both.bidirectional = true;
    for (const int times : {2, 7}) all.push_back({cell + "-both", both, times});
    both.initial_state = "trained";
    both.residual = true;
    both.zoneout = both.dropout_weights = 0.3;
    if (find_cell<double>(cell).has_cell_state) both.zoneout_cell = 0.4;
    for (const int times : {1, 7}) all.push_back({cell + "-both-initial-zoneout", both, times});
  }
  ModelShape smoothed = small_shape("lstm");
  smoothed.label_smoothing = 0.2;
  add("label-smoothing", smoothed);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Shapes, GradientTest, testing::ValuesIn(cases()), [](const auto& info) {
  return test::test_name(info.param.name) + "_" + std::to_string(info.param.times);
});

}  // namespace
}  // namespace rondo
