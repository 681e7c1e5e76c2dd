#include "export/c/proof/c_golden.hpp"

#include <algorithm>
#include <limits>

#include "rondo/core/thread_pool.hpp"
#include "rondo/model/network.hpp"
#include "tasks/decoding/source_scorer.hpp"

namespace rondo {
namespace {

constexpr int most_steps = 24, most_values = 4096;  // of a file's golden outputs

// Whole numbers below a limit, one after another (a linear congruential generator).
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : state_(seed) {}

  int below(int limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<int>((state_ >> 33) % static_cast<std::uint64_t>(limit));
  }

 private:
  std::uint64_t state_;
};

// Within two deviations of the mean; one in eight is missing, where one may be.
tasks::GivenValue drawn_numbers(const Column& column, Draws& draws) {
  tasks::GivenValue value;
  for (std::size_t i = 0; i < static_cast<std::size_t>(column.width); ++i) {
    const double off = (draws.below(257) - 128) / 64.0;
    const bool missing = draws.below(8) == 0 && column.masks_missing;
    value.numbers.push_back(missing ? std::numeric_limits<double>::quiet_NaN()
                                    : column.mean[i] + off * column.deviation[i]);
  }
  return value;
}

tasks::GivenStep drawn_step(const CModel& model, Draws& draws) {
  tasks::GivenStep step;
  for (const CInput& input : model.inputs) {
    if (input.column->is_real()) {
      step.push_back(drawn_numbers(*input.column, draws));
    } else {
      step.push_back({draws.below(input.table.rows), {}});
    }
  }
  return step;
}

// What is said behind each symbol, the first of which is the one that begins.
void say(const CModel& model, const Window& window, Draws& draws, CGolden& golden) {
  const SavedModel<float>& saved = *model.saved;
  ThreadPool alone(1);
  tasks::NetworkScorer<float> network(saved.plan, saved.layout, saved.parameters.data(), 1,
                                      window.axes[0].times, alone);
  network.read(window);
  network.choose(window.axes[0].spans);
  const std::int32_t source = 0;
  network.begin({&source, 1});
  for (int t = 0; t < window.axes[0].times; ++t) {
    golden.said.push_back(t == 0 ? model.decoder->end : draws.below(model.outputs()));
    network.step({&golden.said.back(), 1});
    std::vector<double> output(static_cast<std::size_t>(model.outputs()));
    network.logits(0, output);
    golden.outputs.emplace_back(output.begin(), output.end());
  }
}

void pass(const CModel& model, const Window& window, CGolden& golden) {
  const SavedModel<float>& saved = *model.saved;
  Network<float> network(saved.plan, saved.layout, saved.parameters.data(),
                         PassShape{.lanes = 1, .times = window.axes[0].times, .training = false});
  ThreadPool alone(1);
  network.pack(alone);
  network.forward(WindowView(window, 0), alone);
  for (int t = model.says_steps() ? 0 : window.axes[0].times - 1; t < window.axes[0].times; ++t) {
    golden.outputs.emplace_back(static_cast<std::size_t>(model.outputs()));
    network.outputs(t, 0, golden.outputs.back());
  }
}

}  // namespace

CGolden c_said(const CModel& model, std::uint64_t seed, int times) {
  CGolden golden;
  Draws draws(seed);
  for (int t = 0; t < times; ++t) golden.steps.push_back(drawn_step(model, draws));
  const SavedModel<float>& saved = *model.saved;
  const Window window = tasks::window_of(saved.task, saved.columns, golden.steps);
  if (model.decoder) {
    say(model, window, draws, golden);
  } else {
    pass(model, window, golden);
  }
  return golden;
}

CGolden c_golden(const CModel& model) {
  return c_said(model, 1, std::clamp(most_values / model.outputs(), 2, most_steps));
}

}  // namespace rondo
