// `rondo bench step`: training windows of recurrent layers alone, on one thread.
#include <fmt/format.h>

#include <algorithm>

#include "apps/bench/benchmarks.hpp"
#include "apps/bench/layers.hpp"
#include "apps/bench/report.hpp"
#include "apps/bench/whole.hpp"
#include "apps/options/model_options.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps::bench {
namespace {

const ShapeLists& usual_shapes() {
  static const ShapeLists lists = {cell_names(), {1, 2}, {128, 256, 512, 1024}, {16, 32, 64}};
  return lists;
}

CommandLine make_command_line() {
  std::vector<Option> options = shape_options(usual_shapes());
  options.insert(options.end(),
                 {{.name = "whole",
                   .help = "whole training steps: embedding, layers, softmax, clipping, Adam"},
                  {.name = "vocabulary",
                   .value_name = "N",
                   .help = "with --whole, different characters",
                   .default_text = "65",
                   .many = true},
                  threads_option("with --whole, threads", "1")});
  return part_line(
      "step",
      "Measures training windows of 64 steps: recurrent layers alone, forward, backward and all\n"
      "gradients, in float on one thread, the input as wide as a layer; or whole training steps.\n"
      "Operations are the useful ones: 6 a weight, step and lane, also where --whole made a\n"
      "product once for all places of a token. lstm-projected projects to half of its units,\n"
      "and its input is as wide as that.",
      "  rondo bench step --cell lstm gru --layers 1 --hidden 256 512 --lanes 32\n"
      "  rondo bench step --whole --cell lstm --layers 2 --hidden 512 --lanes 32 --threads 2\n",
      std::move(options));
}

const CommandLine& command_line() {
  static const CommandLine line = make_command_line();
  return line;
}

void measure_layers(Report& report, const Shape& shape, int runs) {
  Layers stack(shape);
  const Roofline roofline = stack.roofline();
  const Runs measured = measure_runs(
      runs, [&] { stack.window(); }, [&] { stack.set_output_gradient(); });
  const double peak = measured.peak();
  std::vector<Json> row = {shape.cell, shape.layers, shape.hidden, shape.lanes};
  add_spread(row, measured.share_of_peak(roofline.operations));
  row.insert(row.end(), {roofline.operations / measured.seconds_spread().median * 1e-9, peak * 1e-9,
                         roofline.rate(peak) * 1e-9, roofline.bound_by(peak),
                         roofline.bytes_seconds * peak / roofline.operations});
  report.add(row);
}

int bench_layers(const GivenOptions& given, const Common& common) {
  for (const char* name : {"vocabulary", "threads"}) {
    if (given.has(name)) throw_input("--{} is for whole training steps: add --whole", name);
  }
  std::vector<Column> columns = {
      {"cell", "cell", -13}, {"layers", "layers", 6}, {"hidden", "H", 5}, {"lanes", "lanes", 5}};
  add_spread(columns, "share_of_peak", "% of peak", 9, 1, 100);
  columns.insert(columns.end(), {{"gflops_median", "GFLOP/s", 8, 1},
                                 {"fma_peak_gflops", "peak", 7, 1},
                                 {"bound_gflops", "bound", 7, 1},
                                 {"bound_by", "by", -4},
                                 {"bytes_time_over_fma_time", "bytes/fma", 9, 2}});
  const std::vector<Shape> list = shapes(given, usual_shapes());
  Report report("step", common.json, columns,
                {{"window_steps", window_times}, {"runs", common.runs}, {"threads", 1}});
  for (const Shape& shape : list) measure_layers(report, shape, common.runs);
  report.finish();
  return static_cast<int>(ExitCode::finished);
}

}  // namespace

int run_step(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  const Common common = take_common(given);
  return given.flag("whole") ? bench_whole_steps(given, shapes(given, usual_shapes()), common)
                             : bench_layers(given, common);
}

}  // namespace rondo::apps::bench
