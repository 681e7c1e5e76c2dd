// `rondo bench checkpoint`: what training waits for, and what is written meanwhile.
#include "rondo/io/checkpoint.hpp"

#include <filesystem>

#include "apps/bench/benchmarks.hpp"
#include "apps/bench/layers.hpp"
#include "apps/bench/made_up.hpp"
#include "apps/bench/report.hpp"
#include "io/file_system.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps::bench {
namespace {

constexpr int vocabulary = 65;

const ShapeLists& usual_shapes() {
  static const ShapeLists lists = {{"lstm"}, {2}, {128, 512, 1024}, {32}};
  return lists;
}

CommandLine make_command_line() {
  std::vector<Option> options = shape_options(usual_shapes());
  options.push_back({.name = "folder",
                     .value_name = "PATH",
                     .help = "where checkpoints are written meanwhile",
                     .default_text = "the system's for temporary files"});
  return part_line(
      "checkpoint",
      "Measures the checkpoint of a model of 65 characters with Adam's moments: the copy that\n"
      "training waits for, bounded by reading the state once from memory, and behind its back\n"
      "writing the file, hashed, flushed to the disk and read back.",
      "  rondo bench checkpoint --cell lstm --layers 2 --hidden 512 --folder runs\n",
      std::move(options));
}

const CommandLine& command_line() {
  static const CommandLine line = make_command_line();
  return line;
}

void measure_checkpoint(Report& report, const Dataset& data, const ScratchFolder& folder,
                        const Shape& shape, int runs) {
  Config config;
  config.cell = shape.cell;
  config.layers = shape.layers;
  config.hidden = shape.hidden;
  config.projection = usual_projection(shape.cell, shape.hidden);
  config.lanes = shape.lanes;
  config.window = 1;  // its buffers are not part of a checkpoint
  config.steps = 1;
  complete(config);
  ThreadPool pool(1, kernels::set_float_mode);
  const auto world = make_single();
  TrainingListener nobody;
  Trainer<float> trainer(config, data, *world, pool, &nobody);
  const std::filesystem::path file = folder.path() / "checkpoint.h5";
  std::vector<double> copies, writes;
  for (int run = -1; run < runs; ++run) {
    const double begun = wall_seconds();
    const NamedState state = trainer.save();
    const double copied = wall_seconds();
    write_checkpoint(file, state);
    if (run < 0) continue;
    copies.push_back(copied - begun);
    writes.push_back(wall_seconds() - copied);
  }
  const auto bytes = static_cast<double>(InputFile(file).size());
  const Spread copy = spread_of(copies), write = spread_of(writes);
  std::vector<Json> row = {shape.cell, shape.layers, shape.hidden, trainer.layout().elements(),
                           bytes};
  add_spread(row, {copy.median * 1e3, copy.least * 1e3, copy.most * 1e3});
  row.push_back(bytes / kernels::read_bandwidth(static_cast<std::size_t>(bytes)) * 1e3);
  add_spread(row, write);
  row.push_back(bytes / write.median * 1e-6);
  report.add(row);
}

}  // namespace

int run_checkpoint(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  const Common common = take_common(given);
  const std::vector<Shape> list = shapes(given, usual_shapes());
  const ScratchFolder folder(given.text("folder"));
  std::vector<Column> columns = {{"cell", "cell", -13},
                                 {"layers", "layers", 6},
                                 {"hidden", "H", 5},
                                 {"parameters", "parameters", 10},
                                 {"file_bytes", "MB", 7, 1, 1e-6}};
  add_spread(columns, "copy_milliseconds", "copy ms", 8, 2);
  columns.push_back({"bound_copy_milliseconds", "bound ms", 8, 2});
  add_spread(columns, "write_seconds", "write s", 7, 3);
  columns.push_back({"write_megabytes_per_second_median", "MB/s", 7, 0});
  Report report("checkpoint", common.json, columns, {{"runs", common.runs}});
  std::int64_t characters = 0;
  for (const Shape& shape : list) characters = std::max<std::int64_t>(characters, 4 * shape.lanes);
  const Dataset data = make_dataset(folder, characters, vocabulary);
  for (const Shape& shape : list) measure_checkpoint(report, data, folder, shape, common.runs);
  report.finish();
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps::bench
