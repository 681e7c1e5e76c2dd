// What a network allocates, and that its bits do not tell how it was divided: lanes in parts,
// logits in pieces, products with the input once a token or once a place.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <new>

#include "decoder_plan.hpp"
#include "made_window.hpp"
#include "rondo/core/random.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"

namespace {

// Bytes of all buffers (core/buffer.hpp) that this program has asked for and not given back.
std::atomic<std::size_t> buffer_bytes{0};

}  // namespace

void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto align = static_cast<std::size_t>(alignment);
  void* const memory = std::aligned_alloc(align, (size + align - 1) / align * align + align);
  if (memory == nullptr) throw std::bad_alloc();
  *static_cast<std::size_t*>(memory) = size;
  buffer_bytes += size;
  return static_cast<char*>(memory) + align;
}

void operator delete(void* memory, std::align_val_t alignment) noexcept {
  if (memory == nullptr) return;
  void* const begin = static_cast<char*>(memory) - static_cast<std::size_t>(alignment);
  buffer_bytes -= *static_cast<std::size_t*>(begin);
  std::free(begin);
}

// A library of the sanitizers has its own of these, which would not call the one above.
void operator delete(void* memory, std::size_t, std::align_val_t alignment) noexcept {
  operator delete(memory, alignment);
}

namespace rondo {
namespace {

constexpr int lanes = 12;
constexpr int block = 2;
constexpr int times = 9;

ModelShape shape_of(const std::string& cell, int vocabulary) {
  ModelShape shape;
  shape.cell = cell;
  shape.layers = 2;
  shape.hidden = 70;
  shape.projection = usual_projection(cell, shape.hidden);
  shape.embedding = 9;
  shape.vocabulary = vocabulary;
  shape.dropout = 0.25;
  return shape;
}

// Tokens, masked targets and resets inside the window.
struct Data {
  explicit Data(int vocabulary) {
    const RandomStream random(3, Purpose::test);
    for (std::uint64_t i = 0; i < lanes * times; ++i) {
      const auto symbols = static_cast<std::uint64_t>(vocabulary);
      inputs.push_back(static_cast<std::int32_t>(random.below(symbols, i)));
      targets.push_back(i % 7 == 3 ? -1
                                   : static_cast<std::int32_t>(random.below(symbols, i + 999)));
      resets.push_back(static_cast<std::uint8_t>(i < lanes ? i % 2 : i % 11 == 4));
    }
  }
  // Made once: views of it stay good.
  WindowView window() const {
    if (!made_) made_.emplace(times, lanes, inputs.data(), targets.data(), resets.data(), 4);
    return {made_->window, 0};
  }
  std::vector<std::int32_t> inputs, targets;
  std::vector<std::uint8_t> resets;
  mutable std::optional<test::MadeWindow> made_;
};

// What comes out of two windows of one training network.
struct Outcome {
  std::vector<double> losses;
  std::vector<double> targets;
  std::vector<Buffer<float>> gradients;  // of one block after another
  NamedState state;
};

Outcome outcome(const ModelShape& shape, const PassShape& pass, int threads) {
  const ParameterLayout layout = shape.plan().layout();
  Buffer<float> parameters(layout.size());
  initialize<float>(shape, layout, {.seed = 3}, parameters);
  const Data data(shape.vocabulary);
  ThreadPool pool(threads);
  Network<float> network(shape, layout, parameters.data(), pass);
  network.pack(pool);
  BackwardListener nobody;
  Outcome outcome;
  for (int repeat = 0; repeat < 2; ++repeat) {
    for (int first = 0; first < lanes; first += pass.lanes) {
      const WindowView part = data.window().of_lanes(first, std::min(first + pass.lanes, lanes));
      const auto blocks = static_cast<std::size_t>(part.lanes / block);
      network.forward(part, pool);
      std::vector<double> losses(blocks);
      std::vector<double> targets(blocks);
      network.block_losses(part, block, losses, targets);
      outcome.losses.insert(outcome.losses.end(), losses.begin(), losses.end());
      outcome.targets.insert(outcome.targets.end(), targets.begin(), targets.end());
      std::vector<TreeNode> roots;
      std::vector<float*> buffers;
      const std::size_t before = outcome.gradients.size();
      for (std::size_t b = 0; b < blocks; ++b) {
        roots.push_back({0, first / block + static_cast<std::int64_t>(b)});
        outcome.gradients.emplace_back(shape.plan().gradient_size());
      }
      for (std::size_t b = 0; b < blocks; ++b) {
        buffers.push_back(outcome.gradients[before + b].data());
      }
      const GradientSums<float> sums{block, first / block, lanes / block, roots, buffers};
      for (int stage = network.stages() - 1; stage >= 0 && pass.training; --stage) {
        network.backward(stage, part, sums, pool, nobody);
      }
      network.carry(part);
    }
  }
  network.save_state("", outcome.state);
  return outcome;
}

void expect_same(const Outcome& got, const Outcome& expected) {
  EXPECT_EQ(got.losses, expected.losses);
  EXPECT_EQ(got.targets, expected.targets);
  ASSERT_EQ(got.gradients.size(), expected.gradients.size());
  for (std::size_t i = 0; i < got.gradients.size(); ++i) {
    EXPECT_TRUE(got.gradients[i] == expected.gradients[i]) << "block " << i;
  }
  EXPECT_EQ(digest(got.state, ""), digest(expected.state, ""));
}

// Each cell, and each of what else a network may have, on one.
std::map<std::string, ModelShape> shapes_of(int vocabulary) {
  std::map<std::string, ModelShape> shapes;
  for (const std::string& cell : cell_names()) shapes[cell] = shape_of(cell, vocabulary);
  shapes["residual"] = shape_of("gru", vocabulary);
  shapes["residual"].layers = 3;
  shapes["residual"].residual = true;
  shapes["tied"] = shape_of("lstm", vocabulary);
  shapes["tied"].embedding = shapes["tied"].hidden;
  shapes["tied"].tied = true;
  ModelShape& projected = shapes["projected-tied"] = shape_of("lstm-projected", vocabulary);
  projected.layers = 3;
  projected.embedding = projected.projection;
  projected.tied = projected.residual = true;
  projected.dropout_output = projected.dropout_weights = 0.3;
  projected.activation_penalty = 2;
  projected.temporal_penalty = 1;
  ModelShape& dropout = shapes["dropout"] = shape_of("tanh", vocabulary);
  dropout.dropout_input = dropout.dropout_output = dropout.dropout_embedding = 0.3;
  dropout.activation_penalty = 2;
  dropout.temporal_penalty = 1;
  shapes["dropout-locked"] = dropout;
  shapes["dropout-locked"].dropout_locked = true;
  shapes["dropout-embedding"] = shape_of("gru", vocabulary);
  shapes["dropout-embedding"].dropout_embedding = 0.3;
  shapes["dropout-weights"] = shape_of("lstm", vocabulary);
  shapes["dropout-weights"].dropout_weights = 0.3;
  for (const std::string cell : {"gru-norm", "lstm", "lstm-peephole", "lstm-projected"}) {
    ModelShape& zoned = shapes[cell + "-zoneout"] = shape_of(cell, vocabulary);
    zoned.zoneout = 0.2;
    zoned.zoneout_cell = find_cell<float>(cell).has_cell_state ? 0.4 : 0;
  }
  for (const std::string cell : {"gru", "lstm-norm", "lstm-peephole", "lstm-projected"}) {
    shapes[cell + "-initial-state"] = shape_of(cell, vocabulary);
    shapes[cell + "-initial-state"].initial_state = "trained";
  }
  shapes["lstm-peephole-zoneout"].initial_state = "trained";
  for (const std::string cell : {"gru", "lstm-norm", "lstm-peephole", "lstm-projected"}) {
    ModelShape& both = shapes[cell + "-both"] = shape_of(cell, vocabulary);
    both.bidirectional = true;
    both.initial_state = cell == "gru" ? "trained" : "zero";
    both.zoneout = cell == "lstm-norm" ? 0.2 : 0;
  }
  shapes["label-smoothing"] = shape_of("lstm", vocabulary);
  shapes["label-smoothing"].label_smoothing = 0.1;
  return shapes;
}

// All lanes have few different tokens for their number, two of them have many: products made once a
// token are among what is compared.
TEST(Network, APartOfTheLanesAtATimeGivesTheSameBits) {
  for (const auto& [name, shape] : shapes_of(30)) {
    const Outcome expected = outcome(shape, {lanes, times, true}, 1);
    for (const int part : {2, 4, 8}) {  // 8: the last part is a smaller one
      SCOPED_TRACE(testing::Message() << name << ", " << part << " lanes");
      expect_same(outcome(shape, {part, times, true, lanes}, 2), expected);
    }
  }
}

TEST(Network, LogitsInPiecesGiveTheSameBits) {
  for (const int vocabulary : {3, 64, 130, 1000}) {
    for (const bool training : {true, false}) {
      ModelShape shape = shape_of("lstm", vocabulary);
      shape.label_smoothing = vocabulary == 130 ? 0.1 : 0;
      const Outcome expected = outcome(shape, {lanes, times, training}, 1);
      for (const int steps : {1, 2, 4, 8}) {
        SCOPED_TRACE(testing::Message() << vocabulary << " classes, " << steps << " steps");
        expect_same(outcome(shape, {lanes, times, training, lanes, steps}, 2), expected);
        expect_same(outcome(shape, {4, times, training, lanes, steps}, 3), expected);
      }
    }
  }
}

TEST(Network, AWindowInPiecesGivesTheSameBits) {
  for (auto [name, shape] : shapes_of(30)) {
    if (shape.bidirectional) continue;
    shape.temporal_penalty = 0;
    const Outcome expected = outcome(shape, {lanes, times, true}, 1);
    for (const int piece : {1, 4}) {  // 4: the last piece is a smaller one
      SCOPED_TRACE(testing::Message() << name << ", " << piece << " steps");
      PassShape pass{piece == 4 ? 4 : lanes, piece + 1, true, lanes, piece == 4 ? 3 : 0};
      pass.window = times;
      expect_same(outcome(shape, pass, piece == 1 ? 2 : 1), expected);
    }
  }
}

TEST(Network, AllocatesWhatItSays) {
  for (const auto& [name, shape] : shapes_of(1000)) {
    for (const bool training : {true, false}) {
      for (const int steps : {0, 2}) {
        SCOPED_TRACE(testing::Message() << name << (training ? ", training, " : ", ") << steps);
        const ParameterLayout layout = shape.plan().layout();
        const Buffer<float> parameters(layout.size());
        PassShape pass{4, times, training, lanes, steps};
        if (training && steps == 2) pass.window = 100;
        const std::size_t before = buffer_bytes;
        const Network<float> network(shape, layout, parameters.data(), pass);
        const std::size_t allocated = buffer_bytes - before;
        EXPECT_EQ(Network<float>::bytes(shape, pass).total(), allocated);
        EXPECT_EQ(buffer_bytes - before, allocated);  // those were counted, and not made
      }
    }
  }
}

TEST(Network, AllocatesForPoolsWhatItSays) {
  for (const Pooling pooling : {Pooling::last, Pooling::mean, Pooling::attention}) {
    for (const bool training : {true, false}) {
      NetworkPlan plan;
      const Signal states =
          plan.recurrent(plan.embedding(0, 30, 9),
                         {.cell = "gru", .hidden = 70, .bidirectional = pooling == Pooling::last});
      plan.softmax(plan.pool(states, pooling), 1, 5);
      const ParameterLayout layout = plan.layout();
      const Buffer<float> parameters(layout.size());
      const PassShape pass{4, times, training, lanes};
      const std::size_t before = buffer_bytes;
      const Network<float> network(plan, layout, parameters.data(), pass);
      EXPECT_EQ(Network<float>::bytes(plan, pass).total(), buffer_bytes - before);
    }
  }
}

TEST(Network, AllocatesForPyramidsWhatItSays) {
  NetworkPlan plan;
  const RecurrentShape layer{.cell = "gru", .hidden = 70, .bidirectional = true};
  const Signal states = plan.recurrent(plan.embedding(0, 30, 9), layer);
  plan.ctc(plan.recurrent(plan.join_steps(states, 3), layer), 1, 5);
  const ParameterLayout layout = plan.layout();
  const Buffer<float> parameters(layout.size());
  for (const bool training : {true, false}) {
    PassShape pass{4, times, training, lanes};
    pass.second_times = times + 3;
    const std::size_t before = buffer_bytes;
    const Network<float> network(plan, layout, parameters.data(), pass);
    EXPECT_EQ(Network<float>::bytes(plan, pass).total(), buffer_bytes - before);
  }
}

TEST(Network, AllocatesForDecodersWhatItSays) {
  for (const test::DecoderPlan& shape : test::all_decoders()) {
    const NetworkPlan plan = test::plan_of(shape);
    const ParameterLayout layout = plan.layout();
    const Buffer<float> parameters(layout.size());
    for (const bool training : {true, false}) {
      PassShape pass{4, times, training, lanes};
      pass.second_times = training ? times + 3 : 1;
      pass.stepwise = !training;
      const std::size_t before = buffer_bytes;
      const Network<float> network(plan, layout, parameters.data(), pass);
      EXPECT_EQ(Network<float>::bytes(plan, pass).total(), buffer_bytes - before)
          << test::name_of(shape);
    }
  }
}

}  // namespace
}  // namespace rondo
