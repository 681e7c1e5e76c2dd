// `rondo bench prepare`: from text to a data set.
#include "apps/bench/benchmarks.hpp"
#include "apps/bench/made_up.hpp"
#include "apps/bench/report.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/prepare_text.hpp"

namespace rondo::apps::bench {
namespace {

const CommandLine& command_line() {
  static const CommandLine line = part_line(
      "prepare",
      "Measures rondo prepare on made-up text of characters that is in the system's file cache:\n"
      "one file, one document, cut into train, validation and test. The bound is reading the text\n"
      "once at the memory's bandwidth.",
      "  rondo bench prepare --megabytes 100 --vocabulary 65 10000\n",
      {
          {.name = "megabytes",
           .value_name = "N",
           .help = "size of the text",
           .default_text = "64"},
          {.name = "vocabulary",
           .value_name = "N",
           .help = "different characters",
           .default_text = "65",
           .many = true},
          {.name = "folder",
           .value_name = "PATH",
           .help = "where text and data set are written meanwhile",
           .default_text = "the system's for temporary files"},
      });
  return line;
}

void measure_prepare(Report& report, const ScratchFolder& folder, std::int64_t megabytes,
                     int vocabulary, int runs) {
  PrepareOptions options;
  options.inputs = {folder.path() / "text.txt"};
  options.output = folder.path() / "text.rondo";
  const auto bytes =
      static_cast<double>(write_text(options.inputs.front(), megabytes * 1'000'000, vocabulary));
  PrepareSummary summary;
  std::vector<double> seconds, processor, speeds;
  for (int run = -1; run < runs; ++run) {
    const double begun = wall_seconds(), used = processor_seconds();
    summary = prepare_text(options);
    if (run < 0) continue;
    seconds.push_back(wall_seconds() - begun);
    processor.push_back(processor_seconds() - used);
    speeds.push_back(bytes / seconds.back());
  }
  const double bound = kernels::read_bandwidth(static_cast<std::size_t>(bytes));
  std::vector<Json> row = {bytes, summary.characters, summary.vocabulary_size};
  add_spread(row, spread_of(seconds));
  row.push_back(spread_of(processor).median);
  const Spread speed = spread_of(speeds);
  add_spread(row, {speed.median * 1e-6, speed.least * 1e-6, speed.most * 1e-6});
  row.push_back(bound * 1e-6);
  report.add(row);
}

}  // namespace

int run_prepare(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  const Common common = take_common(given);
  const std::int64_t megabytes = given.integer("megabytes", 64, 1, 1 << 20);
  const auto vocabularies = integers(given, "vocabulary", {65}, 2, 1 << 20);
  const ScratchFolder folder(given.text("folder"));
  std::vector<Column> columns = {
      {"text_bytes", "MB", 8, 1, 1e-6}, {"characters", "characters", 12}, {"vocabulary", "V", 6}};
  add_spread(columns, "seconds", "seconds", 8, 3);
  columns.push_back({"processor_seconds_median", "on cores", 8, 3});
  add_spread(columns, "megabytes_per_second", "MB/s", 8, 1);
  columns.push_back({"bound_megabytes_per_second", "bound", 8, 0});
  Report report("prepare", common.json, columns, {{"runs", common.runs}});
  for (const int vocabulary : vocabularies) {
    measure_prepare(report, folder, megabytes, vocabulary, common.runs);
  }
  report.finish();
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps::bench
