#include "rondo/model/network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "model/dropout.hpp"
#include "rondo/model/cell.hpp"

namespace rondo {
namespace {

ModelShape small_shape(const std::string& cell = "lstm") {
  ModelShape shape;
  shape.cell = cell;
  shape.layers = 2;
  shape.hidden = 70;
  shape.embedding = 9;
  shape.vocabulary = 11;
  return shape;
}

double element(const ParameterLayout& layout, const Buffer<double>& parameters, std::size_t segment,
               int row, int column) {
  return parameters[layout[segment].offset + layout[segment].index(row, column)];
}

TEST(Initialization, OrthogonalMakesEveryRecurrentGateOrthonormal) {
  const ModelShape shape = small_shape();
  const ParameterLayout layout = model_layout(shape);
  Buffer<double> parameters(layout.size());
  initialize<double>(shape, layout, {.rule = "orthogonal", .seed = 3}, parameters);
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    if (!layout[s].name.starts_with("rnn.weight_hh")) continue;
    for (int gate = 0; gate < 4; ++gate) {
      for (int a = 0; a < 70; ++a) {
        for (int b = 0; b <= a; ++b) {
          double dot = 0;
          for (int k = 0; k < 70; ++k) {
            dot += element(layout, parameters, s, gate * 70 + a, k) *
                   element(layout, parameters, s, gate * 70 + b, k);
          }
          ASSERT_NEAR(dot, a == b ? 1.0 : 0.0, 1e-13) << layout[s].name;
        }
      }
    }
  }
}

TEST(Initialization, UniformStaysInItsBoundsAndSetsTheForgetGate) {
  const ModelShape shape = small_shape();
  const ParameterLayout layout = model_layout(shape);
  Buffer<double> parameters(layout.size());
  initialize<double>(shape, layout, {.forget_bias = 1.5, .seed = 3}, parameters);
  const double bound = 1 / std::sqrt(70.0);
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    const Segment& segment = layout[s];
    double most = 0, squares = 0;
    for (int row = 0; row < segment.rows(); ++row) {
      for (int column = 0; column < segment.columns; ++column) {
        const double value = element(layout, parameters, s, row, column);
        if (segment.vector) {
          const bool forget = segment.name.starts_with("rnn") && row / 70 == 1;
          EXPECT_EQ(value, forget ? 1.5 : 0.0);
        }
        most = std::max(most, std::abs(value));
        squares += value * value;
      }
    }
    if (segment.vector || segment.name == "embedding.weight") continue;
    EXPECT_LE(most, bound) << segment.name;
    EXPECT_NEAR(squares / static_cast<double>(segment.elements()), bound * bound / 3,
                0.2 * bound * bound)
        << segment.name;
  }
}

// Calls check(segment, row, column, value) for each element that `initialization` sets.
template <class Check>
void for_each_element(const ModelShape& shape, const Initialization& initialization, Check check) {
  const ParameterLayout layout = model_layout(shape);
  Buffer<double> parameters(layout.size());
  initialize<double>(shape, layout, initialization, parameters);
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    for (int row = 0; row < layout[s].rows(); ++row) {
      for (int column = 0; column < layout[s].columns; ++column) {
        check(layout[s], row, column, element(layout, parameters, s, row, column));
      }
    }
  }
}

TEST(Initialization, GlorotFillsItsBoundsGateByGate) {
  std::map<std::string, double> most, squares;
  for_each_element(small_shape(), {.rule = "glorot", .seed = 3},
                   [&](const Segment& segment, int, int, double value) {
                     most[segment.name] = std::max(most[segment.name], std::abs(value));
                     squares[segment.name] +=
                         value * value / static_cast<double>(segment.elements());
                   });
  const std::map<std::string, int> sums = {
      {"rnn.weight_ih_l0", 70 + 9}, {"rnn.weight_hh_l1", 70 + 70}, {"output.weight", 11 + 70}};
  for (const auto& [name, sum] : sums) {
    const double bound = std::sqrt(6.0 / sum);
    EXPECT_LE(most[name], bound) << name;
    EXPECT_NEAR(squares[name], bound * bound / 3, 0.1 * bound * bound) << name;
  }
  EXPECT_NEAR(squares["embedding.weight"], 1.0, 0.35);
}

TEST(Initialization, IdentityIsThatAndTheRestIsSmall) {
  for (const char* cell : {"tanh", "relu"}) {
    double squares = 0;
    for_each_element(small_shape(cell), {.rule = "identity", .seed = 3},
                     [&](const Segment& segment, int row, int column, double value) {
                       if (segment.name.starts_with("rnn.weight_hh")) {
                         EXPECT_EQ(value, row == column ? 1.0 : 0.0);
                       } else if (segment.vector) {
                         EXPECT_EQ(value, 0.0);
                       } else if (segment.name == "rnn.weight_ih_l1") {
                         squares += value * value / static_cast<double>(segment.elements());
                       }
                     });
    EXPECT_NEAR(std::sqrt(squares), 0.001, 0.00005) << cell;
  }
}

// A gate whose bias is log(u) keeps u / (1 + u) of the state: it forgets over 1 + u steps.
TEST(Initialization, ChronoBiasesCoverTheSpan) {
  for (const char* cell : {"lstm", "gru"}) {
    const Cell<double>& kind = find_cell<double>(cell);
    std::map<int, std::vector<double>> biases;  // of layer 1 by slot
    for_each_element(small_shape(cell), {.rule = "orthogonal", .chrono_span = 1000, .seed = 3},
                     [&](const Segment& segment, int row, int, double value) {
                       if (segment.name == "rnn.bias_l1") biases[row / 70].push_back(value);
                     });
    const std::vector<double>& keep = biases[kind.keep_slot];
    for (int slot = 0; slot < kind.slots; ++slot) {
      for (std::size_t unit = 0; unit < 70; ++unit) {
        const double expected = slot == kind.keep_slot    ? keep[unit]
                                : slot == kind.write_slot ? -keep[unit]
                                                          : 0.0;
        EXPECT_EQ(biases[slot][unit], expected) << cell << ", slot " << slot;
      }
    }
    const auto [least, most] = std::minmax_element(keep.begin(), keep.end());
    EXPECT_GE(*least, 0.0);
    EXPECT_LT(*least, std::log(100.0));
    EXPECT_LT(*most, std::log(999.0));
    EXPECT_GT(*most, std::log(900.0));
  }
}

TEST(Initialization, RefusesWhatDoesNotGoWithTheCell) {
  const auto refuses = [](const std::string& cell, const Initialization& initialization) {
    const ModelShape shape = small_shape(cell);
    const ParameterLayout layout = model_layout(shape);
    Buffer<float> parameters(layout.size());
    EXPECT_THROW(initialize<float>(shape, layout, initialization, parameters), InputError);
  };
  refuses("lstm", {.rule = "xavier"});
  refuses("lstm", {.rule = "identity"});
  refuses("relu", {.chrono_span = 100});
  refuses("gru", {.chrono_span = 2});
}

TEST(ModelShape, CountsTheWeightsOfAToken) {
  EXPECT_EQ(small_shape("lstm").weights_per_token(),
            70 * 4 * (9 + 70) + 70 * 4 * (70 + 70) + 70 * 11);
  EXPECT_EQ(small_shape("gru").weights_per_token(),
            70 * 3 * (9 + 70) + 70 * 3 * (70 + 70) + 70 * 11);
}

// A window of one time step after another gives the same logits as all steps at once.
TEST(Network, CarriesItsStateFromWindowToWindow) {
  const ModelShape shape = small_shape("gru");
  const ParameterLayout layout = model_layout(shape);
  Buffer<float> parameters(layout.size());
  initialize<float>(shape, layout, {.seed = 3}, parameters);
  ThreadPool pool(1);
  const std::int32_t tokens[] = {1, 5, 3, 2, 8, 1};
  const std::int32_t masked[] = {-1, -1, -1, -1, -1, -1};
  const std::uint8_t resets[] = {1, 1, 0, 0, 0, 1};  // lane 1 starts afresh at the last step

  Network<float> whole(shape, layout, parameters.data(), {2, 3, false});
  whole.forward({3, 2, tokens, masked, resets, 0, 0}, pool);
  Network<float> stepwise(shape, layout, parameters.data(), {2, 1, false});
  for (int t = 0; t < 3; ++t) {
    const WindowView window{1, 2, tokens + 2 * t, masked, resets + 2 * t, 0, 0};
    stepwise.forward(window, pool);
    for (int lane = 0; lane < 2; ++lane) {
      float expected[11], actual[11];
      whole.logits(t, lane, expected);
      stepwise.logits(0, lane, actual);
      for (int c = 0; c < 11; ++c) EXPECT_EQ(actual[c], expected[c]) << t << ", " << lane;
    }
    stepwise.carry(window);
  }
}

TEST(Network, FeelsALostReset) {
  for (const std::string& cell : cell_names()) {
    const ModelShape shape = small_shape(cell);
    const ParameterLayout layout = model_layout(shape);
    Buffer<float> parameters(layout.size());
    initialize<float>(shape, layout, {.seed = 3}, parameters);
    ThreadPool pool(1);
    const std::int32_t tokens[] = {1, 5, 3, 2};
    std::uint8_t resets[] = {1, 1, 0, 1};
    BackwardListener nobody;
    const auto gradient_of = [&] {
      Network<float> network(shape, layout, parameters.data(), {2, 2, true});
      network.pack(pool);
      const WindowView window{2, 2, tokens, tokens, resets, 0, 0};
      network.forward(window, pool);
      Buffer<float> gradient(gradient_size(shape));
      float* buffers[] = {gradient.data()};
      const std::vector<TreeNode> roots = {{0, 0}};
      for (int stage = network.stages() - 1; stage >= 0; --stage) {
        network.backward(stage, window, {2, 0, 1, roots, buffers}, pool, nobody);
      }
      return gradient;
    };
    const Buffer<float> expected = gradient_of();
    resets[3] = 0;
    EXPECT_NE(gradient_of(), expected) << cell;
  }
}

// Copies what it is told of at that moment.
class CopyingListener final : public BackwardListener {
 public:
  explicit CopyingListener(const Buffer<float>& gradient)
      : copy(gradient.size()), gradient_(gradient) {}
  void ready(std::size_t begin, std::size_t end) override {
    std::copy(gradient_.data() + begin, gradient_.data() + end, copy.data() + begin);
    if (begin != last_end) starts.push_back(begin);
    ++portions;
    last_end = end;
  }
  void pause() override { ++pauses; }
  Buffer<float> copy;
  std::vector<std::size_t> starts;  // of portions that do not go on where the one before ended
  std::size_t last_end = 0;
  int portions = 0, pauses = 0;

 private:
  const Buffer<float>& gradient_;
};

TEST(Network, TellsOfGradientsAsTheyBecomeFinal) {
  constexpr int lanes = 6, times = 4;
  for (const std::string& cell : cell_names()) {
    ModelShape shape = small_shape(cell);
    shape.hidden = 130;  // panels of two widths
    shape.vocabulary = 70;
    const ParameterLayout layout = model_layout(shape);
    Buffer<float> parameters(layout.size());
    initialize<float>(shape, layout, {.seed = 3}, parameters);
    std::vector<std::int32_t> tokens(lanes * times);
    std::iota(tokens.begin(), tokens.end(), 0);
    const std::vector<std::uint8_t> resets(tokens.size());
    const WindowView window{times, lanes, tokens.data(), tokens.data(), resets.data(), 0, 0};
    const std::vector<TreeNode> roots = {{2, 0}};
    for (const int threads : {1, 3}) {
      ThreadPool pool(threads);
      Network<float> network(shape, layout, parameters.data(), {lanes, times, true});
      network.pack(pool);
      network.forward(window, pool);
      Buffer<float> gradient(gradient_size(shape));
      float* buffers[] = {gradient.data()};
      CopyingListener listener(gradient);
      std::vector<std::size_t> starts;
      for (int stage = network.stages() - 1; stage >= 0; --stage) {
        network.backward(stage, window, {2, 0, 3, roots, buffers}, pool, listener);
        const auto [begin, end] = network.stage_range(stage);
        if (begin == end) continue;
        starts.push_back(begin);
        EXPECT_EQ(listener.last_end, end) << cell << ", stage " << stage;
      }
      EXPECT_EQ(listener.copy, gradient) << cell << ", " << threads << " threads";
      EXPECT_EQ(listener.starts, starts) << cell;
      EXPECT_GT(listener.pauses, times);
      if (threads == 1) {
        EXPECT_GT(listener.portions, 2 * network.stages()) << cell;
      }
    }
  }
}

TEST(Network, ResetsOnlyLanesWhoseStateIsNotFinite) {
  const ModelShape shape = small_shape("lstm");
  const ParameterLayout layout = model_layout(shape);
  Buffer<float> parameters(layout.size());
  Network<float> network(shape, layout, parameters.data(), {2, 1, false});
  NamedState state;
  std::vector<float> values(2 * 70, 0.25F);
  for (const char* name : {"rnn.hidden_l0", "rnn.cell_l0", "rnn.hidden_l1", "rnn.cell_l1"}) {
    state.put<float>(name, values, {2, 70});
  }
  reinterpret_cast<float*>(state.arrays().at("rnn.cell_l1").bytes.data())[70 + 69] = NAN;
  network.load_state("", state, 0, 2);
  EXPECT_EQ(network.reset_non_finite(), 1);
  NamedState after;
  network.save_state("", after);
  const std::uint64_t rows[] = {2, 70};
  EXPECT_EQ(after.get<float>("rnn.hidden_l1", rows)[0], 0.25F);
  EXPECT_EQ(after.get<float>("rnn.hidden_l1", rows)[70], 0.0F);
  EXPECT_EQ(after.get<float>("rnn.cell_l1", rows)[139], 0.0F);
}

TEST(Dropout, KeepsItsShareAndMasksTheGradientAlike) {
  constexpr int lanes = 8, times = 5;
  const Panels panels{100};
  const std::size_t stride = panels.step_size(lanes);
  Buffer<float> values(stride * times, 2.0F), gradient(stride * times, 3.0F);
  const PassShape pass{lanes, times, true};
  Dropout<float> dropout(0.25, false, 9, 1, {values.data(), stride, panels},
                         {gradient.data(), stride, panels}, pass);
  const std::vector<std::uint8_t> none(lanes * times);
  const WindowView window{times, lanes, nullptr, nullptr, none.data(), 4, 0};
  dropout.forward(window, {0, lanes});
  BackwardListener nobody;
  dropout.backward(window, {0, lanes}, nobody);
  int kept = 0;
  for (int t = 0; t < times; ++t) {
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < 100; ++unit) {
        const std::size_t i =
            static_cast<std::size_t>(t) * stride + panels.index(lane, unit, lanes);
        const float out = dropout.output().data[i];
        const float scale = static_cast<float>(1 / 0.75);
        ASSERT_TRUE(out == 0.0F || out == 2.0F * scale);
        ASSERT_EQ(gradient[i], out == 0.0F ? 0.0F : 3.0F * scale);
        kept += out != 0.0F;
      }
    }
  }
  EXPECT_NEAR(kept, 0.75 * lanes * times * 100, 3 * std::sqrt(lanes * times * 100 * 0.25 * 0.75));

  // The mask belongs to the lane of the run, not to its place on this rank.
  Buffer<float> again(stride * times, 2.0F);
  Dropout<float> other_rank(0.25, false, 9, 1, {again.data(), stride, panels}, {}, pass);
  const WindowView shifted{times, lanes, nullptr, nullptr, none.data(), 4, 3};
  other_rank.forward(shifted, {0, 1});
  for (int unit = 0; unit < 100; ++unit) {
    EXPECT_EQ(other_rank.output().data[panels.index(0, unit, lanes)],
              dropout.output().data[panels.index(3, unit, lanes)]);
  }
}

}  // namespace
}  // namespace rondo
