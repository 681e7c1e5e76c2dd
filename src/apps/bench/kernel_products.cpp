#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "apps/bench/kernel_case.hpp"
#include "apps/bench/layers.hpp"
#include "rondo/core/block_tree.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/products/product.hpp"

namespace rondo::apps::bench {
namespace {

using kernels::OuterSum;
using kernels::Product;
using kernels::Start;
using kernels::Stretch;

constexpr int gates = 4;
// Rows, (time, lane), of a product over several time steps, as a layer makes them.
constexpr int rows_together = 128;

// What the products of a layer read and write, laid out as a recurrent layer does.
struct ProductData {
  ProductData(int hidden, int lane_count)
      : units{hidden},
        lanes(lane_count),
        step(step_distance(units.step_size(lane_count))),
        gates_step(step_distance(gates * units.step_size(lane_count))),
        weights(bench_values(
            static_cast<std::size_t>(gates * units.padded()) * static_cast<std::size_t>(hidden),
            0.01F)),
        results(weights.size()),
        states(bench_values(window_times * step, 0.5F)),
        gate_values(bench_values(window_times * gates_step, 0.25F)) {
    for (int j = 0; j < units.count(); ++j) {
      state_chain.push_back({units.offset(j, lanes), units.width(j), units.valid(j)});
    }
    for (int gate = 0; gate < gates; ++gate) {
      for (int j = 0; j < units.count(); ++j) {
        gate_chain.push_back({gate_offset(j, gate), units.width(j), units.valid(j)});
      }
    }
  }

  std::size_t gate_offset(int j, int gate) const { return units.offset(j, gate, gates, lanes); }
  // Of the panel of unit panel j and a gate, in the weights and their gradients.
  std::size_t weight_offset(int j, int gate) const {
    return (static_cast<std::size_t>(j * Panels::full * gates) +
            static_cast<std::size_t>(gate * units.width(j))) *
           static_cast<std::size_t>(units.units);
  }
  double operations(int times) const {
    return 2.0 * gates * units.units * units.units * lanes * times;
  }
  double weight_bytes() const { return 4.0 * gates * units.units * units.units; }
  double state_bytes(int times) const { return 4.0 * units.units * lanes * times; }

  Panels units;
  int lanes;
  std::size_t step, gates_step;
  Buffer<float> weights, results, states, gate_values;
  std::vector<Stretch> state_chain, gate_chain;
};

// All gates of time step 0, as the forward pass does.
void step_products(ProductData& data) {
  for (int j = 0; j < data.units.count(); ++j) {
    for (int gate = 0; gate < gates; ++gate) {
      Product<float> product;
      product.chain = data.state_chain;
      product.source = data.states.data();
      product.weights = data.weights.data() + data.weight_offset(j, gate);
      product.start = Start::bias;
      product.bias = data.results.data();
      product.out = data.gate_values.data() + data.gate_offset(j, gate);
      product.width = data.units.width(j);
      product.strip = kernels::weight_strip<float>(product.width);
      product.lane_end = data.lanes;
      multiply(product);
    }
  }
}

// From the gates of the first `times` steps to what came into them.
void back_products(ProductData& data, int times) {
  std::size_t panel = 0;
  for (int p = 0; p < data.units.count(); ++p) {
    Product<float> product;
    product.chain = data.gate_chain;
    product.source = data.gate_values.data();
    product.source_stride = data.gates_step;
    product.weights = data.weights.data() + panel;
    product.flush = true;
    product.out = data.states.data() + data.units.offset(p, data.lanes);
    product.out_stride = data.step;
    product.width = data.units.width(p);
    product.strip = kernels::weight_strip<float>(product.width);
    product.times = times;
    product.lane_end = data.lanes;
    multiply(product);
    panel += static_cast<std::size_t>(data.units.width(p) * gates * data.units.units);
  }
}

void outer_sums(ProductData& data, std::span<const TreeNode> roots) {
  const int block = usual_block(data.lanes);
  for (int j = 0; j < data.units.count(); ++j) {
    const float* gradients[gates];
    float* outs[gates];
    for (int gate = 0; gate < gates; ++gate) {
      gradients[gate] = data.gate_values.data() + data.gate_offset(j, gate);
      outs[gate] = data.results.data() + data.weight_offset(j, gate);
    }
    OuterSum<float> sum;
    sum.chain = data.state_chain;
    sum.source = data.states.data();
    sum.source_stride = data.step;
    sum.gradients = gradients;
    sum.gradient_stride = data.gates_step;
    sum.width = data.units.width(j);
    sum.times = window_times;
    sum.block = block;
    sum.blocks = data.lanes / block;
    sum.roots = roots;
    sum.outs = outs;
    accumulate_outer(sum);
  }
}

}  // namespace

void product_kernels(int hidden, int lanes, const MeasureKernel& measure) {
  ProductData data(hidden, lanes);
  const std::string shape = fmt::format("H {}, {} lanes", hidden, lanes);
  // Weights and sources are read, outputs written.
  const auto bytes = [&](int times) {
    return data.weight_bytes() + (1 + gates) * data.state_bytes(times);
  };
  const auto run = [&](const char* kernel, int times, const std::function<void()>& work) {
    measure({kernel, shape, data.operations(times), bytes(times),
             static_cast<std::size_t>(bytes(times)), work});
  };
  run("step", 1, [&] { step_products(data); });
  run("back", 1, [&] { back_products(data, 1); });
  const int together = std::clamp(rows_together / lanes, 1, window_times);
  run("input", together, [&] { back_products(data, together); });
  const std::int64_t blocks = lanes / usual_block(lanes);
  const std::vector<TreeNode> roots = tree_roots(0, blocks, blocks);
  run("outer", window_times, [&] { outer_sums(data, roots); });
}

}  // namespace rondo::apps::bench
