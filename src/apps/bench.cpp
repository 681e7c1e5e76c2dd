// `rondo bench`: how fast the parts of rondo are here, and how fast they could be.
#include <fmt/ranges.h>

#include "apps/bench/benchmarks.hpp"
#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/words/say.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/nearest_name.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/cell.hpp"

namespace rondo::apps {
namespace bench {
namespace {

constexpr int usual_runs = 7;

std::string overview() {
  std::string text =
      "Measures parts of rondo beside what the processor allows: medians of several runs, with "
      "the\n"
      "FMA peak and the read bandwidth of the same process.\n"
      "\nusage: rondo bench PART [--name value]...\n\nparts:\n";
  for (const Benchmark& part : benchmarks())
    text += fmt::format("  {:<12}{}\n", part.name, part.summary);
  return text +
         "\nexample:\n"
         "  rondo bench step --cell lstm --hidden 256 512 --lanes 32\n"
         "  rondo bench kernels --vector avx2 --json\n"
         "\nrondo bench PART --help explains a part.\n";
}

}  // namespace

const std::vector<Benchmark>& benchmarks() {
  static const std::vector<Benchmark> table = {
      {"kernels", "products, gates, softmax, sums and updates, one by one", run_kernels},
      {"step", "forward and backward of recurrent layers, or whole training steps", run_step},
      {"reduce", "the ranks' gradient sum, exact and native; under mpirun", run_reduce},
      {"checkpoint", "what training waits for, and writing", run_checkpoint},
      {"prepare", "text to data set", run_prepare},
  };
  return table;
}

CommandLine part_line(const std::string& part, const std::string& summary,
                      const std::string& example, std::vector<Option> own) {
  CommandLine line = {.command = "bench " + part,
                      .summary = summary,
                      .example = example,
                      .positional = "",
                      .options = std::move(own)};
  line.options.push_back({.name = "runs",
                          .value_name = "N",
                          .help = "measurements of each figure, after one that warms up",
                          .group = "measuring",
                          .default_text = std::to_string(usual_runs)});
  for (Option option :
       {vector_option(), json_option("print one JSON object in place of a table")}) {
    option.group = "measuring";
    line.options.push_back(std::move(option));
  }
  return line;
}

Common take_common(const GivenOptions& given) {
  kernels::select_target(given.text("vector", "auto"));
  kernels::set_float_mode();
  return {static_cast<int>(given.integer("runs", usual_runs, 1, 1000)), given.flag("json")};
}

std::vector<int> integers(const GivenOptions& given, const std::string& name,
                          std::vector<int> otherwise, int low, int high) {
  if (!given.has(name)) return otherwise;
  std::vector<int> values;
  for (const GivenOptions::Value& value : given.values().at(name)) {
    GivenOptions one;
    one.add(name, value);
    values.push_back(static_cast<int>(one.integer(name, 0, low, high)));
  }
  return values;
}

std::vector<Shape> shapes(const GivenOptions& given, const ShapeLists& otherwise) {
  std::vector<std::string> cells = given.list("cell");
  for (const std::string& name : cells) find_cell<float>(name);
  if (cells.empty()) cells = otherwise.cells;
  const auto layer_counts = integers(given, "layers", otherwise.layers, 1, 100);
  const auto widths = integers(given, "hidden", otherwise.hidden, 1, 1 << 16);
  const auto lane_counts = integers(given, "lanes", otherwise.lanes, 1, 1 << 16);
  std::vector<Shape> list;
  for (const std::string& cell : cells) {
    for (const int layers : layer_counts) {
      for (const int hidden : widths) {
        for (const int lanes : lane_counts) list.push_back({cell, layers, hidden, lanes});
      }
    }
  }
  return list;
}

std::vector<Option> shape_options(const ShapeLists& defaults) {
  const auto option = [](const char* name, const char* value_name, const std::string& help,
                         const auto& values) {
    return Option{.name = name,
                  .value_name = value_name,
                  .help = help,
                  .default_text = fmt::format("{}", fmt::join(values, " ")),
                  .many = true};
  };
  return {option("cell", "NAME", "cells: " + list_names(cell_names()), defaults.cells),
          option("layers", "N", "layers above one another", defaults.layers),
          option("hidden", "N", "units of a layer", defaults.hidden),
          option("lanes", "N", "lanes side by side", defaults.lanes)};
}

}  // namespace bench

int run_bench(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw_input("rondo bench needs a part: rondo bench --help lists them");
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h") {
    print_result("{}", bench::overview());
    return static_cast<int>(ExitCode::finished);
  }
  std::vector<std::string> names;
  for (const bench::Benchmark& part : bench::benchmarks()) {
    if (name == part.name) return part.run({arguments.begin() + 1, arguments.end()});
    names.emplace_back(part.name);
  }
  const std::string nearest = nearest_name(name, names);
  throw_input("\"{}\" is no part of rondo bench; {}", name,
              nearest.empty() ? "rondo bench --help lists them" : "did you mean " + nearest + "?");
}

}  // namespace rondo::apps
