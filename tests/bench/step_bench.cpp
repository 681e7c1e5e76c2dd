// Training steps of one recurrent layer (forward and backward through T = 64 steps, gradients of
// all its weights) against the processor's peak, on one core: no embedding, no softmax, input as
// wide as the layer. Counts useful operations alone: 6 a weight, step and lane.
//
//   ninja bench_step && ./bench_step [CELL...]       RONDO_VECTOR=avx2 chooses the target
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "model/recurrent_layer.hpp"
#include "peak.hpp"
#include "rondo/core/random.hpp"
#include "rondo/model/network.hpp"

namespace {

constexpr int times = 64;
constexpr int block = 16;
constexpr int runs = 9;

struct Share {
  double median = 0, least = 0, most = 0, peak = 0;
};

// Share of the peak, run by run against the larger of the peaks just before and just after.
Share measure(const std::string& cell_name, int hidden, int lanes) {
  const rondo::Cell<float>& cell = rondo::find_cell<float>(cell_name);
  rondo::ParameterLayout layout;
  const auto segments = rondo::add_recurrent_layer(layout, cell, 0, hidden, hidden);
  rondo::ModelShape shape;
  shape.cell = cell_name;
  shape.hidden = hidden;
  rondo::Buffer<float> parameters(layout.size()), gradient(layout.size());
  rondo::initialize<float>(shape, layout, "uniform", 1.0, 1, parameters);

  const rondo::Panels panels{hidden};
  const std::size_t stride = panels.step_size(lanes);
  rondo::Buffer<float> input(stride * times), input_gradient(stride * times);
  const rondo::RandomStream random(1, rondo::Purpose::test);
  for (std::size_t i = 0; i < input.size(); ++i) {
    input[i] = static_cast<float>(random.uniform(i)) - 0.5F;
  }
  const rondo::PassShape pass{lanes, times, true};
  rondo::RecurrentLayer<float> layer(layout, segments, cell, 0, parameters.data(),
                                     {input.data(), stride, panels},
                                     {input_gradient.data(), stride, panels}, pass);
  const std::vector<std::uint8_t> resets(static_cast<std::size_t>(times * lanes));
  const rondo::WindowView window{times, lanes, nullptr, nullptr, resets.data(), 0, 0};
  const std::int64_t blocks = lanes / block;
  const auto roots = rondo::tree_roots(0, blocks, blocks);
  float* buffers[] = {gradient.data()};
  const rondo::GradientSums<float> sums{block, 0, blocks, roots, buffers};
  const double operations = 6.0 *
                            static_cast<double>(layout[segments.input_weights].elements() +
                                                layout[segments.recurrent_weights].elements()) *
                            times * lanes;

  BackwardListener nobody;
  std::vector<double> shares;
  Share share;
  for (int run = -1; run < runs; ++run) {  // the first warms up
    const double before = rondo::bench::measure_peak();
    const double start = rondo::bench::seconds_now();
    for (int task = 0; task < layer.pack_tasks(); ++task) layer.pack_task(task);
    layer.forward(window, {0, lanes});
    std::copy_n(input.data(), input.size(), layer.output_gradient().data);
    layer.backward(window, {0, lanes}, nobody);
    for (int task = 0; task < layer.gradient_tasks(); ++task) {
      layer.gradient_task(task, window, sums);
    }
    layer.carry(window);
    const double rate = operations / (rondo::bench::seconds_now() - start);
    const double peak = std::max(before, rondo::bench::measure_peak());
    share.peak = std::max(share.peak, peak);
    if (run >= 0) shares.push_back(rate / peak);
  }
  std::sort(shares.begin(), shares.end());
  share.median = shares[shares.size() / 2];
  share.least = shares.front();
  share.most = shares.back();
  return share;
}

}  // namespace

int main(int argc, char** argv) {
  const char* vector = std::getenv("RONDO_VECTOR");
  rondo::kernels::select_target(vector == nullptr ? "auto" : vector);
  rondo::kernels::set_float_mode();
  std::vector<std::string> cells(argv + 1, argv + argc);
  if (cells.empty()) cells = rondo::cell_names();
  fmt::print("{}, T = {}, blocks of {} lanes, {} runs\n", rondo::kernels::selected_target(), times,
             block, runs);
  fmt::print("{:<6}{:>6}{:>7}{:>10}{:>18}{:>14}\n", "cell", "H", "lanes", "of peak",
             "least .. most", "peak GFLOP/s");
  for (const std::string& cell : cells) {
    for (const int hidden : {128, 256, 512, 1024}) {
      for (const int lanes : {16, 32, 64}) {
        const Share share = measure(cell, hidden, lanes);
        fmt::print("{:<6}{:>6}{:>7}{:>8.1f} %{:>9.1f} .. {:.1f} %{:>13.1f}\n", cell, hidden, lanes,
                   100 * share.median, 100 * share.least, 100 * share.most, share.peak * 1e-9);
        std::fflush(stdout);
      }
    }
  }
}
