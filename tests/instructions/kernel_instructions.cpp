// Runs each kernel once on a small fixed shape, for callgrind to count its instructions: counts do
// not feel other work on the machine, so that a kernel that became slower is seen on a noisy one.
// check_counts.sh runs it and compares. On AVX2, since valgrind 3.19 knows no AVX-512.
//
// The shapes are those of a small LSTM step and odd ones that reach the kernels' remainders. What a
// kernel reads is filled with numbers of ordinary size, so that no rare branch is taken.
#include <valgrind/callgrind.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/inputs/embedding.hpp"
#include "rondo/core/block_tree.hpp"
#include "rondo/core/panels.hpp"
#include "rondo/core/random.hpp"
#include "rondo/kernels/gates/gates.hpp"
#include "rondo/kernels/losses/softmax.hpp"
#include "rondo/kernels/math/math.hpp"
#include "rondo/kernels/normalized/normalized.hpp"
#include "rondo/kernels/products/packing.hpp"
#include "rondo/kernels/products/product.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/kernels/updates/update.hpp"

namespace rondo::kernels {
namespace {

// Numbers in [-1, 1), other ones for another seed.
template <class Real = float>
Buffer<Real> numbers(std::size_t size, std::uint64_t seed) {
  const RandomStream stream(seed, Purpose::test);
  Buffer<Real> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    values[i] = static_cast<Real>(2.0 * stream.uniform(i) - 1.0);
  }
  return values;
}

// Counts `kernel` under `name`: once before, so that what only a first call does is not counted.
void count(const std::string& name, const std::function<void()>& kernel) {
  kernel();
  CALLGRIND_ZERO_STATS;
  kernel();
  CALLGRIND_DUMP_STATS_AT(name.c_str());
}

// The stretches of an activation of `units` units in panels.
std::vector<Stretch> stretches(Panels units, int lanes) {
  std::vector<Stretch> chain;
  for (int p = 0; p < units.count(); ++p) {
    chain.push_back({units.offset(p, lanes), units.width(p), units.valid(p)});
  }
  return chain;
}

// On weights cut into strips, as training reads them, or uncut, as evaluation does.
void count_multiply(int width, int strip, int units, int lanes, int times) {
  const Panels panels{units};
  const auto chain = stretches(panels, lanes);
  const auto source = numbers(panels.step_size(lanes) * times, 1);
  const auto weights = numbers(static_cast<std::size_t>(units) * width, 2);
  const auto bias = numbers(static_cast<std::size_t>(width), 3);
  Buffer<float> out(static_cast<std::size_t>(width) * lanes * times);
  Product<float> product;
  product.chain = chain;
  product.source = source.data();
  product.source_stride = panels.step_size(lanes);
  product.weights = weights.data();
  product.bias = bias.data();
  product.start = Start::bias;
  product.out = out.data();
  product.out_stride = static_cast<std::size_t>(width) * lanes;
  product.width = width;
  product.strip = strip;
  product.times = times;
  product.lane_end = lanes;
  count("multiply-" + std::to_string(width) + "x" + std::to_string(lanes) +
            (strip == width ? "" : "-strips"),
        [&] { multiply(product); });
}

void count_outer(int width, int units, int block, int blocks, int times) {
  const Panels panels{units};
  const int lanes = block * blocks;
  const auto chain = stretches(panels, lanes);
  const auto source = numbers(panels.step_size(lanes) * times, 4);
  const auto gradient = numbers(static_cast<std::size_t>(width) * lanes * times, 5);
  Buffer<float> out(static_cast<std::size_t>(units) * width);
  const auto roots = tree_roots(0, blocks, blocks);
  float* const outs[] = {out.data()};
  OuterSum<float> sum;
  sum.chain = chain;
  sum.source = source.data();
  sum.source_stride = panels.step_size(lanes);
  const float* const gradients[] = {gradient.data()};
  sum.gradients = gradients;
  sum.gradient_stride = static_cast<std::size_t>(width) * lanes;
  sum.width = width;
  sum.times = times;
  sum.block = block;
  sum.blocks = blocks;
  sum.roots = roots;
  sum.outs = outs;
  count("accumulate_outer-" + std::to_string(width) + "x" + std::to_string(block),
        [&] { accumulate_outer(sum); });
}

// One panel, one step, one lane of it reset.
void count_gates(const CellKernels<float>& cell) {
  constexpr int width = 64, lanes = 16;
  constexpr std::size_t size = std::size_t{width} * lanes;
  std::vector<std::uint8_t> reset(lanes);
  reset[5] = 1;
  const auto previous = numbers(size, 6), previous_cell = numbers(size, 7),
             above = numbers(size, 8);
  const auto gradient = numbers(size, 9);
  Buffer<float> gates = numbers(size * static_cast<std::size_t>(cell.slots), 10);
  Buffer<float> hidden(size), state(size), cells(size), next(size);
  Buffer<float> cell_gradient = numbers(size, 11);
  const auto diagonals = numbers(3 * width, 22);
  count(std::string(cell.name) + "-forward", [&] {
    cell.forward({width, width, 0, lanes, gates.data(), size, reset.data(), reset.data(),
                  previous.data(), previous_cell.data(), hidden.data(), state.data(), cells.data(),
                  diagonals.data()});
  });
  count(std::string(cell.name) + "-backward", [&] {
    cell.backward({width, width, 0, lanes, gates.data(), size, reset.data(), previous.data(),
                   previous_cell.data(), cells.data(), gradient.data(), cell_gradient.data(),
                   above.data(), next.data(), diagonals.data()});
  });
}

// One step of cells that normalise, of two panels.
void count_normalized(const NormalizedKernels<float>& cell) {
  constexpr Panels units{100};
  constexpr int lanes = 16, vectors = 5;
  const std::size_t size = units.step_size(lanes);
  const std::vector<std::uint8_t> reset(lanes);
  const auto gains = numbers(static_cast<std::size_t>(units.padded()) * vectors, 23);
  const auto previous = numbers(size, 24), above = numbers(size, 25), gradient = numbers(size, 26);
  Buffer<float> gates = numbers(4 * size, 27), cell_gradient = numbers(size, 28);
  Buffer<float> normal(vectors * size), activated(vectors * size), scales(vectors * lanes);
  Buffer<float> hidden(size), state(size), cells(size), next(size);
  count(std::string(cell.name) + "-forward", [&] {
    cell.forward({units, lanes, 0, lanes, gains.data(), gains.data(), gates.data(), normal.data(),
                  activated.data(), scales.data(), reset.data(), reset.data(), previous.data(),
                  previous.data(), hidden.data(), state.data(), cells.data()});
  });
  count(std::string(cell.name) + "-backward", [&] {
    cell.backward({units, lanes, 0, lanes, gains.data(), gates.data(), normal.data(),
                   activated.data(), scales.data(), reset.data(), previous.data(), previous.data(),
                   gradient.data(), cell_gradient.data(), above.data(), next.data()});
  });
}

void count_softmax(int classes, int lanes, double smoothing = 0) {
  const Panels panels{classes};
  const Buffer<float> start = numbers(panels.step_size(lanes), 12);
  Buffer<float> logits = start;
  const std::vector<std::int32_t> target(static_cast<std::size_t>(lanes), classes / 2);
  std::vector<double> loss(static_cast<std::size_t>(lanes));
  count("softmax-" + std::to_string(classes) + (smoothing > 0 ? "-smoothed" : ""), [&] {
    softmax_cross_entropy<float>({panels, lanes, 0, lanes, logits.data(), target.data(),
                                  loss.data(), true, nullptr, nullptr,
                                  LabelSmoothing<float>(smoothing, classes)});
  });
}

void count_updates() {
  constexpr std::size_t size = 10'000;  // two chunks of a sum and a rest
  Buffer<float> gradient = numbers(size, 13);
  Buffer<float> parameters = numbers(size, 14), first = numbers(size, 15), second(size, 0.5F);
  for (const auto& kernel : update_kernels<float>) {
    count(kernel.name, [&] { kernel.run(parameters, gradient, first, second); });
  }
  double total = 0;
  count("sum_of_squares", [&] { total += sum_of_squares<float>(gradient); });
  const auto losses = numbers<double>(size, 16);
  count("sum", [&] { total += sum(losses); });
  count("add", [&] { add<float>(parameters, gradient); });
  count("scale", [&] { scale<float>(parameters, 0.5F); });
  count("scale_within", [&] { scale_within<float>(parameters, 0.5F, 0.1F); });
  count("flush_small", [&] { flush_small<float>(parameters); });
}

void count_functions() {
  const auto x = numbers(4096, 17);
  Buffer<float> positive = x, y(x.size());
  for (float& value : positive) value = 1.0F + value;
  count("exp", [&] { exp<float>(x, y); });
  count("log", [&] { log<float>(positive, y); });
  count("tanh", [&] { tanh<float>(x, y); });
  count("logistic", [&] { logistic<float>(x, y); });
}

void count_packing() {
  const Panels units{100};
  constexpr int gates = 4, columns = 70;
  const auto values = numbers(static_cast<std::size_t>(units.padded()) * gates * columns, 18);
  const StoredWeights<float> stored{units, gates, columns, values.data()};
  Buffer<float> strips(values.size());
  count("pack_strips", [&] { pack_strips<float>(stored, strips.data(), 0, units.count()); });
  Buffer<float> transposed(static_cast<std::size_t>(Panels{columns}.padded()) * gates * 100);
  count("transpose",
        [&] { transpose<float>(stored, transposed.data(), 0, Panels{columns}.count()); });
  Buffer<float> rows(static_cast<std::size_t>(Panels{columns}.padded()) * 100);
  count("add_to_rows", [&] {
    add_to_rows<float>({units, 1, columns, values.data()}, rows.data(), 0, units.count());
  });
}

// Gather and scatter-add of 70 characters' rows of 48.
void count_embedding() {
  constexpr int vocabulary = 70, width = 48, lanes = 16, block = 8, times = 8;
  ParameterLayout layout;
  const std::size_t segment = add_embedding(layout, "embedding.weight", vocabulary, width);
  const auto parameters = numbers(layout.size(), 19);
  Allocations memory;
  Embedding<float> embedding(layout, segment, 0, parameters.data(), {lanes, times, true}, memory);
  const RandomStream random(20, Purpose::test);
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(lanes) * times);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    tokens[i] = static_cast<std::int32_t>(random.below(vocabulary, i));
  }
  const Window made_up = make_window(times, lanes, {}, {tokens});
  const WindowView window(made_up, 0);
  count("embedding-forward", [&] { embedding.forward(window, {0, lanes}); });
  const auto above = numbers(Panels{width}.step_size(lanes) * times, 21);
  std::copy(above.begin(), above.end(), embedding.output_gradient().data);
  Buffer<float> gradient(layout.size());
  float* const buffers[] = {gradient.data()};
  const auto roots = tree_roots(0, lanes / block, lanes / block);
  count("embedding-gradient", [&] {
    for (int job = 0; job < embedding.gradient_jobs(); ++job) {
      embedding.gradient_job(job, window, {block, 0, lanes / block, roots, buffers});
    }
  });
}

void count_all() {
  count_multiply(64, weight_strip<float>(64), 128, 16, 2);
  count_multiply(64, weight_strip<float>(64), 70, 32, 1);
  count_multiply(64, 64, 128, 16, 2);
  count_multiply(48, weight_strip<float>(48), 37, 7, 3);
  count_multiply(16, weight_strip<float>(16), 64, 16, 2);
  count_outer(64, 64, 16, 2, 4);
  count_outer(64, 64, 8, 4, 4);
  count_outer(32, 17, 5, 3, 4);
  for (const auto& cell : cell_kernels<float>) count_gates(cell);
  for (const auto& cell : normalized_kernels<float>) count_normalized(cell);
  count_softmax(65, 16);
  count_softmax(10'000, 2);
  count_softmax(65, 16, 0.1);
  count_updates();
  count_functions();
  count_packing();
  count_embedding();
}

}  // namespace
}  // namespace rondo::kernels

int main() {
  try {
    rondo::kernels::select_target("avx2");
    rondo::kernels::set_float_mode();
    CALLGRIND_START_INSTRUMENTATION;
    rondo::kernels::count_all();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kernel_instructions: %s\n", error.what());
    return 1;
  }
  return 0;
}
