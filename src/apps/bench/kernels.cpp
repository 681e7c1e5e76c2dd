// `rondo bench kernels`: each kernel by itself against the roofline.
#include <algorithm>
#include <cmath>

#include "apps/bench/benchmarks.hpp"
#include "apps/bench/kernel_case.hpp"
#include "apps/bench/report.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps::bench {
namespace {

constexpr double seconds_of_a_run = 2e-3;  // at least, in whole calls

const CommandLine& command_line() {
  static const CommandLine line = part_line(
      "kernels",
      "Measures the kernels one by one on one thread: products, outer sums, gates, softmax,\n"
      "embedding, Adam, sum of squares. The bound is the roofline's: the time that the useful\n"
      "operations take at the FMA peak or that the bytes, each read or written at least once, "
      "take\n"
      "at the bandwidth of the cache or memory that holds them, whichever is longer.",
      "  rondo bench kernels --hidden 256 512 --lanes 32\n"
      "  rondo bench kernels --vector avx2 --json\n",
      {
          {.name = "hidden",
           .value_name = "N",
           .help = "units of a layer",
           .default_text = "128 256 512 1024",
           .many = true},
          {.name = "lanes",
           .value_name = "N",
           .help = "lanes side by side",
           .default_text = "32",
           .many = true},
          {.name = "vocabulary",
           .value_name = "N",
           .help = "classes of the softmax, rows of the embedding",
           .default_text = "65 256 10000",
           .many = true},
          {.name = "values",
           .value_name = "N",
           .help = "parameters of an update",
           .default_text = "65536 4194304",
           .many = true},
      });
  return line;
}

std::vector<Column> columns() {
  std::vector<Column> list = {{"kernel", "kernel", -18}, {"shape", "shape", -27}};
  add_spread(list, "microseconds", "us", 10, 2);
  list.insert(list.end(), {{"gflops_median", "GFLOP/s", 8, 1},
                           {"share_of_peak_median", "% of peak", 9, 1, 100},
                           {"gigabytes_per_second_median", "GB/s", 7, 1},
                           {"share_of_bandwidth_median", "% of read", 9, 1, 100},
                           {"bound_microseconds", "bound us", 9, 2},
                           {"bound_by", "by", -4},
                           {"fma_peak_gflops", "peak", 7, 1},
                           {"read_gigabytes_per_second", "read", 7, 1},
                           {"counted_operations", "MFLOP", 8, 2, 1e-6},
                           {"counted_bytes", "MB", 7, 2, 1e-6}});
  return list;
}

void measure_case(Report& report, const KernelCase& kernel, int runs) {
  kernel.work();
  const double begun = kernels::thread_seconds();
  kernel.work();
  const double call = std::max(kernels::thread_seconds() - begun, 1e-7);
  const double calls = std::max(1.0, std::ceil(seconds_of_a_run / call));
  const double read = kernels::read_bandwidth(kernel.working_set);
  const Roofline roofline = {kernel.operations, kernel.bytes / read};
  const Runs measured = measure_runs(runs, [&] {
    for (double i = 0; i < calls; ++i) kernel.work();
  });
  const double peak = measured.peak();
  const Spread seconds = measured.seconds_spread();
  const double median = seconds.median / calls;
  const double bandwidth = kernel.bytes / median;
  std::vector<Json> row = {kernel.kernel, kernel.shape};
  add_spread(row, {median * 1e6, seconds.least / calls * 1e6, seconds.most / calls * 1e6});
  if (kernel.operations > 0) {
    row.insert(row.end(), {kernel.operations / median * 1e-9,
                           measured.share_of_peak(kernel.operations * calls).median});
  } else {
    row.insert(row.end(), {nullptr, nullptr});
  }
  row.insert(row.end(),
             {bandwidth * 1e-9, bandwidth / read, roofline.seconds(peak) * 1e6,
              roofline.bound_by(peak), peak * 1e-9, read * 1e-9, kernel.operations, kernel.bytes});
  report.add(row);
}

}  // namespace

int run_kernels(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  const Common common = take_common(given);
  const auto widths = integers(given, "hidden", {128, 256, 512, 1024}, 1, 1 << 16);
  const auto batches = integers(given, "lanes", {32}, 1, 1 << 16);
  const auto vocabularies = integers(given, "vocabulary", {65, 256, 10000}, 2, 1 << 20);
  const auto sizes = integers(given, "values", {65536, 4194304}, 1, 1 << 30);

  Report report("kernels", common.json, columns(), {{"runs", common.runs}, {"threads", 1}});
  const auto measure = [&](const KernelCase& kernel) { measure_case(report, kernel, common.runs); };
  for (const int hidden : widths) {
    for (const int lanes : batches) product_kernels(hidden, lanes, measure);
  }
  for (const int hidden : widths) {
    for (const int lanes : batches) gate_kernels(hidden, lanes, measure);
  }
  for (const int vocabulary : vocabularies) {
    for (const int lanes : batches) {
      softmax_kernels(vocabulary, lanes, measure);
      embedding_kernels(vocabulary, widths.front(), lanes, measure);
    }
  }
  for (const int size : sizes) update_kernels(size, measure);
  report.finish();
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps::bench
