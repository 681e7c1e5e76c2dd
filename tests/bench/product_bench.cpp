// Speed of the products at the shapes of an LSTM layer (4 gates, H units, H inputs, T = 64), as a
// share of what the processor's fused multiply-add units do in a loop of independent chains.
//
// Machines are noisy, so the peak is measured again beside every product, and the share is that of
// the same moment. Shapes: step (forward, one time step), back (dh, one time step), input (the
// gradient of the layer's input, all T at once), outer (the weights' gradient, blocks of 16 lanes).
// `bench_product --benchmark_filter=step/512` runs some; RONDO_VECTOR=avx2 chooses the target.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "peak.hpp"
#include "rondo/core/block_tree.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/kernels/product.hpp"
#include "rondo/kernels/target.hpp"

namespace {

using rondo::Panels;
using rondo::bench::measure_peak;
using rondo::bench::seconds_now;
using rondo::kernels::multiply;
using rondo::kernels::OuterSum;
using rondo::kernels::Product;
using rondo::kernels::Start;
using rondo::kernels::Stretch;

constexpr int kGates = 4;
constexpr int kTimes = 64;
constexpr int kBlock = 16;

// Runs `work` of `operations` each, and the peak between, in the benchmark's own time only `work`.
template <class Work>
void report(benchmark::State& state, double operations, Work&& work) {
  double working = 0, best_peak = 0, best_rate = 0;
  for (auto _ : state) {
    best_peak = std::max(best_peak, measure_peak());
    const double start = seconds_now();
    work();
    const double seconds = (seconds_now() - start);
    state.SetIterationTime(seconds);
    working += seconds;
    best_rate = std::max(best_rate, operations / seconds);
  }
  state.counters["GFLOP/s"] = operations * static_cast<double>(state.iterations()) / working / 1e9;
  state.counters["peak"] = best_peak / 1e9;
  state.counters["share%"] = 100.0 * best_rate / best_peak;
}

// Everything a layer's products read and write; values small enough that no sum overflows.
struct Layer {
  Layer(int hidden, int lanes)
      : units{hidden},
        lanes(lanes),
        weights(static_cast<std::size_t>(kGates) * hidden * hidden, 0.01F),
        results(weights.size()),
        states(kTimes * units.step_size(lanes), 0.5F),
        gates(kGates * states.size(), 0.25F) {}

  std::size_t step() const { return units.step_size(lanes); }
  std::size_t panel() const { return static_cast<std::size_t>(Panels::full) * lanes; }
  std::vector<Stretch> forward_chain() const {
    std::vector<Stretch> chain;
    for (int j = 0; j < units.count(); ++j) chain.push_back({units.offset(j, lanes), 64, 64});
    return chain;
  }
  std::vector<Stretch> backward_chain() const {
    std::vector<Stretch> chain;
    for (int gate = 0; gate < kGates; ++gate) {
      for (int j = 0; j < units.count(); ++j) {
        chain.push_back({static_cast<std::size_t>(j * kGates + gate) * panel(), 64, 64});
      }
    }
    return chain;
  }

  Panels units;
  int lanes;
  std::vector<float> weights, results, states, gates;
};

double layer_operations(const Layer& layer, int times) {
  return 2.0 * kGates * layer.units.units * layer.units.units * layer.lanes * times;
}

// Four steps of the recurrent product of all gates: what one thread does forward.
void step(benchmark::State& state) {
  Layer layer(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const auto chain = layer.forward_chain();
  constexpr int steps = 4;
  report(state, layer_operations(layer, steps), [&] {
    for (int t = 0; t < steps; ++t) {
      for (int slot = 0; slot < layer.units.count() * kGates; ++slot) {
        Product<float> product;
        product.chain = chain;
        product.source = layer.states.data() + t * layer.step();
        product.weights = layer.weights.data() +
                          static_cast<std::size_t>(slot) * Panels::full * layer.units.units;
        product.start = Start::resume;
        product.out = layer.gates.data() + t * kGates * layer.step() + slot * layer.panel();
        product.width = product.strip = Panels::full;
        product.lane_end = layer.lanes;
        multiply(product);
      }
    }
  });
}

void back_products(Layer& layer, const std::vector<Stretch>& chain, int times, int t) {
  for (int p = 0; p < layer.units.count(); ++p) {
    Product<float> product;
    product.chain = chain;
    product.source = layer.gates.data() + t * kGates * layer.step();
    product.source_stride = kGates * layer.step();
    product.weights = layer.weights.data() +
                      static_cast<std::size_t>(p) * Panels::full * kGates * layer.units.units;
    product.flush = true;
    product.out = layer.states.data() + t * layer.step() + layer.units.offset(p, layer.lanes);
    product.out_stride = layer.step();
    product.width = product.strip = Panels::full;
    product.times = times;
    product.lane_end = layer.lanes;
    multiply(product);
  }
}

void back(benchmark::State& state) {
  Layer layer(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const auto chain = layer.backward_chain();
  constexpr int steps = 4;
  report(state, layer_operations(layer, steps), [&] {
    for (int t = 0; t < steps; ++t) back_products(layer, chain, 1, t);
  });
}

void input(benchmark::State& state) {
  Layer layer(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const auto chain = layer.backward_chain();
  report(state, layer_operations(layer, kTimes), [&] { back_products(layer, chain, kTimes, 0); });
}

void outer(benchmark::State& state) {
  Layer layer(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const auto chain = layer.forward_chain();
  const int blocks = layer.lanes / kBlock;
  const auto roots = rondo::tree_roots(0, blocks, blocks);
  report(state, layer_operations(layer, kTimes), [&] {
    for (int slot = 0; slot < layer.units.count() * kGates; ++slot) {
      float* out =
          layer.results.data() + static_cast<std::size_t>(slot) * Panels::full * layer.units.units;
      OuterSum<float> sum;
      sum.chain = chain;
      sum.source = layer.states.data();
      sum.source_stride = layer.step();
      sum.gradient = layer.gates.data() + slot * layer.panel();
      sum.gradient_stride = kGates * layer.step();
      sum.width = Panels::full;
      sum.times = kTimes;
      sum.block = kBlock;
      sum.blocks = blocks;
      sum.roots = roots;
      sum.outs = {&out, 1};
      accumulate_outer(sum);
    }
  });
}

void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgsProduct({{128, 256, 512, 1024}, {16, 32, 64}})->UseManualTime();
}
BENCHMARK(step)->Apply(shapes);
BENCHMARK(back)->Apply(shapes);
BENCHMARK(input)->Apply(shapes);
BENCHMARK(outer)->Apply(shapes);

}  // namespace

int main(int argc, char** argv) {
  const char* target = std::getenv("RONDO_VECTOR");
  rondo::kernels::select_target(target == nullptr ? "auto" : target);
  rondo::kernels::set_float_mode();
  benchmark::AddCustomContext("target", rondo::kernels::selected_target());
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
