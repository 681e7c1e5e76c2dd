// A network that trains on two windows, one after the other, and is then asked about both.
#pragma once

#include <functional>
#include <vector>

#include "rondo/core/buffer.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/network.hpp"

namespace rondo::test {

// The gradient of both, in one block. The first window leaves its states and activations behind;
// the pass is as long as it. `ask` hears the network that has run forward through both without
// dropout.
inline Buffer<float> train_and_ask(const NetworkPlan& plan, const Window& first,
                                   const Window& second, int threads,
                                   const std::function<void(const Network<float>&)>& ask) {
  const ParameterLayout layout = plan.layout();
  Buffer<float> parameters(layout.size()), gradient(plan.gradient_size());
  initialize<float>(plan, layout, {.seed = 4}, parameters);
  ThreadPool pool(threads, kernels::set_float_mode);
  BackwardListener nobody;
  const std::vector<TreeNode> roots = {{0, 0}};
  float* buffers[] = {gradient.data()};
  PassShape pass{first.lanes, first.axes[0].times, true};
  pass.second_times = first.axes[1].times;
  Network<float> network(plan, layout, parameters.data(), pass);
  network.pack(pool);
  for (const Window* each : {&first, &second}) {
    const WindowView view(*each, 0);
    network.forward(view, pool);
    for (int stage = network.stages() - 1; stage >= 0; --stage) {
      network.backward(stage, view, {first.lanes, 0, 1, roots, buffers}, pool, nobody);
    }
    network.carry(view);
  }
  network.finish_gradient(0, gradient, pool);
  pass.training = false;
  Network<float> evaluating(plan, layout, parameters.data(), pass);
  evaluating.pack(pool);
  for (const Window* each : {&first, &second}) evaluating.forward(WindowView(*each, 0), pool);
  ask(evaluating);
  return gradient;
}

}  // namespace rondo::test
