#include "apps/bench/whole.hpp"

#include <algorithm>
#include <cmath>

#include "apps/bench/layers.hpp"
#include "apps/bench/made_up.hpp"
#include "apps/bench/report.hpp"
#include "apps/options/model_options.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/train/machine.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps::bench {
namespace {

constexpr double seconds_of_a_run = 0.1;  // at least, in whole steps

Config training_config(const Shape& shape) {
  Config config;
  config.cell = shape.cell;
  config.layers = shape.layers;
  config.hidden = shape.hidden;
  config.projection = usual_projection(shape.cell, shape.hidden);
  config.lanes = shape.lanes;
  config.window = window_times;
  config.clip_norm = 1;
  config.steps = std::int64_t{1} << 40;
  complete(config);
  return config;
}

void measure_training(Report& report, const Dataset& data, int vocabulary, const Config& config,
                      ThreadPool& pool, int runs) {
  const auto world = make_single();
  TrainingListener nobody;
  Trainer<float> trainer(config, data, *world, pool, &nobody);
  trainer.step();
  const double begun = wall_seconds();
  trainer.step();
  const double step_seconds = wall_seconds() - begun;
  const int steps = std::max(1, static_cast<int>(std::ceil(seconds_of_a_run / step_seconds)));

  const double tokens = static_cast<double>(config.lanes * config.window) * steps;
  const double flops = trainer.model().training_flops_per_step();
  std::vector<double> speeds, shares, peaks, on_cores;
  for (int run = 0; run < runs; ++run) {
    const double before = peak_of_all(*world, pool);
    const double start = wall_seconds(), used = processor_seconds();
    for (int step = 0; step < steps; ++step) trainer.step();
    const double seconds = wall_seconds() - start;
    on_cores.push_back((processor_seconds() - used) / seconds);
    const double speed = tokens / seconds;
    const double peak = std::max(before, peak_of_all(*world, pool));
    speeds.push_back(speed);
    peaks.push_back(peak);
    shares.push_back(speed * flops / peak);
  }
  std::vector<Json> row = {config.cell, config.layers, config.hidden, config.lanes, vocabulary};
  add_spread(row, spread_of(speeds));
  add_spread(row, spread_of(shares));
  row.insert(row.end(), {spread_of(speeds).median * flops * 1e-9, spread_of(peaks).median * 1e-9,
                         spread_of(on_cores).median});
  report.add(row);
}

}  // namespace

int bench_whole_steps(const GivenOptions& given, const std::vector<Shape>& shapes,
                      const Common& common) {
  const auto threads = threads_of(given, 1);
  std::vector<Column> columns = {{"cell", "cell", -13},
                                 {"layers", "layers", 6},
                                 {"hidden", "H", 5},
                                 {"lanes", "lanes", 5},
                                 {"vocabulary", "V", 6}};
  add_spread(columns, "tokens_per_second", "tokens/s", 9, 0);
  add_spread(columns, "share_of_peak", "% of peak", 9, 1, 100);
  // Less than the threads: they waited, or others had their cores.
  columns.insert(columns.end(), {{"gflops_median", "GFLOP/s", 8, 1},
                                 {"fma_peak_gflops", "peak", 7, 1},
                                 {"cores_used_median", "cores", 6, 2}});
  const std::vector<int> vocabularies = integers(given, "vocabulary", {65}, 2, 1 << 20);
  Report report("step --whole", common.json, columns,
                {{"window_steps", window_times}, {"runs", common.runs}, {"threads", threads}});
  ThreadPool pool(threads, kernels::set_float_mode);
  std::int64_t most_lanes = 0;
  for (const Shape& shape : shapes) most_lanes = std::max<std::int64_t>(most_lanes, shape.lanes);
  for (const int vocabulary : vocabularies) {
    const ScratchFolder folder;
    const Dataset data = make_dataset(folder, 16 * window_times * most_lanes, vocabulary);
    for (const Shape& shape : shapes) {
      measure_training(report, data, vocabulary, training_config(shape), pool, common.runs);
    }
  }
  report.finish();
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps::bench
