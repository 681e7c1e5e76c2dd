// First values of a model's parameters (rondo/model/network.hpp).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"
#include "small_shape.hpp"

namespace rondo {
namespace {

using test::small_shape;

double element(const ParameterLayout& layout, const Buffer<double>& parameters, std::size_t segment,
               int row, int column) {
  return parameters[layout[segment].offset + layout[segment].index(row, column)];
}

TEST(Initialization, OrthogonalMakesEveryRecurrentGateOrthonormal) {
  const ModelShape shape = small_shape();
  const ParameterLayout layout = shape.plan().layout();
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

// Of a gate that reads a projection there are fewer columns than rows.
TEST(Initialization, OrthogonalMakesProjectionsOrthonormalBothWays) {
  const ModelShape shape = small_shape("lstm-projected");
  const ParameterLayout layout = shape.plan().layout();
  Buffer<double> parameters(layout.size());
  initialize<double>(shape, layout, {.rule = "orthogonal", .seed = 3}, parameters);
  int seen = 0;
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    const bool gates = layout[s].name.starts_with("rnn.weight_hh");
    if (!gates && !layout[s].name.starts_with("rnn.weight_hr")) continue;
    ++seen;
    for (int gate = 0; gate < (gates ? 4 : 1); ++gate) {
      for (int a = 0; a < 35; ++a) {
        for (int b = 0; b <= a; ++b) {
          double dot = 0;
          for (int k = 0; k < 70; ++k) {
            const auto of = [&](int vector) {
              return gates ? element(layout, parameters, s, gate * 70 + k, vector)
                           : element(layout, parameters, s, vector, k);
            };
            dot += of(a) * of(b);
          }
          ASSERT_NEAR(dot, a == b ? 1.0 : 0.0, 1e-13) << layout[s].name;
        }
      }
    }
  }
  EXPECT_EQ(seen, 2 * shape.layers);
}

// As torch.nn.LSTM draws its own by the cell's units, and torch.nn.Linear by its inputs.
TEST(Initialization, UniformOfAProjectionKnowsUnitsFromOutputs) {
  ModelShape shape = small_shape("lstm-projected");
  shape.projection = 7;
  const ParameterLayout layout = shape.plan().layout();
  Buffer<double> parameters(layout.size());
  initialize<double>(shape, layout, {.seed = 3}, parameters);
  std::map<std::string, double> most;
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    for (int row = 0; row < layout[s].rows(); ++row) {
      for (int column = 0; column < layout[s].columns; ++column) {
        double& largest = most[layout[s].name];
        largest = std::max(largest, std::abs(element(layout, parameters, s, row, column)));
      }
    }
  }
  EXPECT_NEAR(most["rnn.weight_hh_l0"], 1 / std::sqrt(70.0), 1e-3);
  EXPECT_NEAR(most["rnn.weight_hr_l1"], 1 / std::sqrt(70.0), 1e-3);
  EXPECT_NEAR(most["output.weight"], 1 / std::sqrt(7.0), 2e-2);
}

TEST(Initialization, UniformStaysInItsBoundsAndSetsTheForgetGate) {
  const ModelShape shape = small_shape();
  const ParameterLayout layout = shape.plan().layout();
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
  const ParameterLayout layout = shape.plan().layout();
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

TEST(Initialization, GainsAreOneWhateverTheRule) {
  ModelShape shape = small_shape();
  shape.cell = "gru-norm";
  const ParameterLayout layout = shape.plan().layout();
  Buffer<double> ruled(layout.size()), ranged(layout.size());
  initialize<double>(shape, layout, {.rule = "glorot", .seed = 3}, ruled);
  initialize_within<double>(layout, 0.05, 3, ranged);
  int gains = 0;
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    if (!layout[s].name.starts_with("rnn.gain")) continue;
    for (int row = 0; row < layout[s].rows(); ++row, ++gains) {
      EXPECT_EQ(element(layout, ruled, s, row, 0), 1.0);
      EXPECT_EQ(element(layout, ranged, s, row, 0), 1.0);
    }
  }
  EXPECT_EQ(gains, shape.layers * 4 * shape.hidden);
}

TEST(Initialization, RefusesWhatDoesNotGoWithTheCell) {
  const auto refuses = [](const std::string& cell, const Initialization& initialization) {
    const ModelShape shape = small_shape(cell);
    const ParameterLayout layout = shape.plan().layout();
    Buffer<float> parameters(layout.size());
    EXPECT_THROW(initialize<float>(shape, layout, initialization, parameters), InputError);
  };
  refuses("lstm", {.rule = "xavier"});
  refuses("lstm", {.rule = "identity"});
  refuses("relu", {.chrono_span = 100});
  refuses("gru", {.chrono_span = 2});
}

}  // namespace
}  // namespace rondo
