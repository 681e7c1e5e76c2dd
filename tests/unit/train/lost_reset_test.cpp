// A lost reset changes the digest. The trainer's steps are written out here for one rank, without
// the trainer, so that a window can be tampered with on its way from the batcher to the network;
// left alone, they end at the trainer's own digest.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/optim/clipping.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/optim/schedule.hpp"
#include "rondo/tasks/training_lanes.hpp"
#include "stream_window.hpp"

namespace rondo::test {
namespace {

constexpr int steps = 2;

// The first reset behind a window's first step: a document begins there.
std::size_t inner_reset(const Window& window) {
  const std::vector<std::uint8_t>& resets = window.axes[0].resets;
  const auto found = std::find(resets.begin() + window.lanes, resets.end(), std::uint8_t{1});
  return static_cast<std::size_t>(found - resets.begin());
}

// The digest of the parameters after `steps` steps; `loses_reset`: one reset is not handed on.
std::string parameters_after(const Config& config, const Dataset& data, bool loses_reset) {
  ThreadPool pool(1);
  const NetworkPlan model = data.model(config);
  const ParameterLayout layout = model.layout();
  Buffer<float> parameters(layout.size()), gradient(layout.size());
  initialize<float>(model, layout, {.seed = config.seed}, parameters);
  const auto lanes = static_cast<int>(config.lanes);
  Network<float> network(model, layout, parameters.data(),
                         {lanes, static_cast<int>(config.window), true});
  network.pack(pool);
  const auto optimizer = make_optimizer<float>(config, layout);
  const std::int64_t blocks = config.lanes / config.block;
  const auto roots = tree_roots(0, blocks, blocks);
  float* const buffers[] = {gradient.data()};
  const GradientSums<float> sums{static_cast<int>(config.block), 0, blocks, roots, buffers};
  const auto source = data.split("train");
  Batcher batcher(source->reader(training_lanes(config)), 0);

  BackwardListener nobody;
  for (int step = 0; step < steps; ++step) {
    Window read = batcher.next();
    if (loses_reset && step == 1) {
      const std::size_t reset = inner_reset(read);
      EXPECT_LT(reset, read.axes[0].resets.size()) << "no document begins within the window";
      if (reset < read.axes[0].resets.size()) read.axes[0].resets[reset] = 0;
    }
    const WindowView window(read, 0);
    network.forward(window, pool);
    BackwardListener nobody;
    for (int stage = network.stages() - 1; stage >= 0; --stage) {
      network.backward(stage, window, sums, pool, nobody);
    }
    const auto targets = static_cast<double>(test::valid_targets_of(read));
    network.carry(window);
    const GradientScale scale =
        gradient_scale(gradient_squares<float>(layout, gradient, pool), targets, config.clip_norm);
    optimizer->step(scale.factor, scheduled_rate(config, step, {config.steps, 0}), step + 1,
                    parameters, gradient, pool);
    network.pack(pool);
  }
  NamedState state;
  layout.save<float>(parameters, "parameters/", state);
  return parameter_digest(state);
}

TEST(LostReset, ChangesTheDigestOfEveryCell) {
  kernels::select_target("auto");
  kernels::set_float_mode();
  const auto folder =
      std::filesystem::temp_directory_path() / fmt::format("rondo-lost-{}", getpid());
  const auto data = std::make_unique<Dataset>(digest_data(folder));
  const auto world = make_single();
  for (const std::string& cell : cell_names()) {
    SCOPED_TRACE(cell);
    const Config config = digest_config(cell);
    const std::string expected = digest_run(*world, config, *data, 1, steps).parameters;
    EXPECT_EQ(parameters_after(config, *data, false), expected);
    EXPECT_NE(parameters_after(config, *data, true), expected);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rondo::test
