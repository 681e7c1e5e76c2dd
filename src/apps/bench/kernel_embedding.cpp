#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "apps/bench/kernel_case.hpp"
#include "apps/bench/layers.hpp"
#include "model/inputs/embedding.hpp"
#include "rondo/core/random.hpp"

namespace rondo::apps::bench {

void embedding_kernels(int vocabulary, int width, int lanes, const MeasureKernel& measure) {
  ParameterLayout layout;
  const std::size_t segment = add_embedding(layout, "embedding.weight", vocabulary, width);
  const Buffer<float> table = bench_values(layout.size(), 0.5F);
  Buffer<float> gradient(layout.size());
  Allocations memory;
  Embedding<float> embedding(layout, segment, 0, table.data(), PassShape{lanes, window_times, true},
                             memory);
  const Activations<float> above = embedding.output_gradient();
  std::fill_n(above.data, above.stride * window_times, 0.01F);

  std::vector<std::int32_t> tokens(static_cast<std::size_t>(window_times * lanes));
  const RandomStream random(1, Purpose::test);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    tokens[i] = static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(vocabulary), i));
  }
  const Window made_up = make_window(window_times, lanes, {}, {tokens});
  const WindowView window(made_up, 0);
  const std::int64_t blocks = lanes / usual_block(lanes);
  const std::vector<TreeNode> roots = tree_roots(0, blocks, blocks);
  float* const buffers[] = {gradient.data()};
  const GradientSums<float> sums{usual_block(lanes), 0, blocks, roots, buffers};

  const std::string shape = fmt::format("V {}, {} wide, {} lanes", vocabulary, width, lanes);
  const double row = 4.0 * width;
  const double rows = static_cast<double>(tokens.size()) * row;
  const double touched = static_cast<double>(std::min<std::size_t>(
                             tokens.size(), static_cast<std::size_t>(vocabulary))) *
                         row;
  // Rows read, activations written.
  measure({"embedding", shape, 0, 2 * rows, static_cast<std::size_t>(rows + touched), [&] {
             embedding.forward(window, {0, lanes});
           }});
  // Activations' gradients read, rows read and written for each; every row of the result written.
  measure({"embedding gradient", shape, 0, 3 * rows + vocabulary * row,
           static_cast<std::size_t>(rows + vocabulary * row), [&] {
             embedding.begin_part(0, window, sums);
             for (int job = 0; job < embedding.gradient_jobs(); ++job) {
               embedding.gradient_job(job, window, sums);
             }
           }});
}

}  // namespace rondo::apps::bench
