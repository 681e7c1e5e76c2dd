// Whether the gradients of a network's parameters are those that central differences find.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "rondo/core/buffer.hpp"
#include "rondo/model/network.hpp"

namespace rondo::test {

// Of one window of one block, whose targets weigh `weight`: central differences in double,
// extrapolated once, agree to 1e-6 of each segment's norm. `what`: for messages. Parameters are as
// they begin, or drawn from [-range, range).
inline void expect_central_differences(const NetworkPlan& plan, const PassShape& pass,
                                       const Window& window, double weight, const std::string& what,
                                       double range = 0) {
  const WindowView view(window, 0);
  ThreadPool pool(1);
  const ParameterLayout layout = plan.layout();
  Buffer<double> parameters(layout.size()), gradient(plan.gradient_size());
  range > 0 ? initialize_within<double>(layout, range, 7, parameters)
            : initialize<double>(plan, layout, {.seed = 7}, parameters);
  Network<double> network(plan, layout, parameters.data(), pass);
  const auto loss = [&] {
    network.pack(pool);
    network.forward(view, pool);
    double losses[1], weights[1];
    network.block_losses(view, pass.lanes, losses, weights);
    EXPECT_EQ(weights[0], weight);
    return losses[0];
  };
  loss();
  double* buffers[] = {gradient.data()};
  const std::vector<TreeNode> roots = {{0, 0}};
  BackwardListener nobody;
  for (int stage = network.stages() - 1; stage >= 0; --stage) {
    network.backward(stage, view, {pass.lanes, 0, 1, roots, buffers}, pool, nobody);
  }
  network.finish_gradient(0, gradient, pool);
  for (const Segment& segment : layout.segments()) {
    double error = 0, size = 0;
    for (int row = 0; row < segment.rows(); ++row) {
      for (int column = 0; column < segment.columns; ++column) {
        const std::size_t at = segment.offset + segment.index(row, column);
        const double kept = parameters[at];
        const auto slope = [&](double h) {
          parameters[at] = kept + h;
          const double above = loss();
          parameters[at] = kept - h;
          const double below = loss();
          parameters[at] = kept;
          return (above - below) / (2 * h);
        };
        const double numeric = (4 * slope(5e-5) - slope(1e-4)) / 3;
        error += (numeric - gradient[at]) * (numeric - gradient[at]);
        size += numeric * numeric;
      }
    }
    EXPECT_GT(size, 0.0) << segment.name;
    EXPECT_LT(std::sqrt(error), 1e-6 * std::sqrt(size)) << segment.name << ' ' << what;
  }
}

}  // namespace rondo::test
