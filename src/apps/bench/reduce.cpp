// `rondo bench reduce`: the sum of the ranks' gradients, exact beside native.
#include <memory>

#include "apps/bench/benchmarks.hpp"
#include "apps/bench/reduce_times.hpp"
#include "apps/bench/report.hpp"
#include "apps/training/phase.hpp"
#include "rondo/comm/session.hpp"

namespace rondo::apps::bench {
namespace {

const CommandLine& command_line() {
  static const CommandLine line =
      part_line("reduce",
                "Measures the sum of the ranks' gradients, nothing computed meanwhile: the exact "
                "strategy, the\n"
                "native one and the MPI library's own blocking sum by turns, the slowest rank "
                "counting. Bytes\n"
                "sent stand beside a ring's; the bound is what a rank of a ring receives, read "
                "once from memory.",
                "  mpirun -n 2 rondo bench reduce\n"
                "  mpirun -n 3 rondo bench reduce --values 1048576 --blocks 16\n",
                {
                    {.name = "values",
                     .value_name = "N",
                     .help = "floats to reduce",
                     .default_text = "256 16384 262144 4194304",
                     .many = true},
                    {.name = "blocks",
                     .value_name = "N",
                     .help = "blocks of the batch",
                     .default_text = "two a rank"},
                });
  return line;
}

// `report` on rank 0, null elsewhere. Collective.
void measure_size(Report* report, Communicator& world, std::int64_t blocks, int values, int runs) {
  const ReduceTimes times = time_reduce(world, static_cast<std::size_t>(values), blocks, runs);
  if (report == nullptr) return;
  const double bytes = 4.0 * values;
  const double read = kernels::read_bandwidth(static_cast<std::size_t>(bytes));
  std::vector<Json> row = {world.size(), blocks, bytes};
  for (const RunTimes* each : {&times.exact, &times.native, &times.library}) {
    add_spread(row, {each->median * 1e6, each->least * 1e6, each->most * 1e6});
  }
  row.insert(row.end(),
             {times.exact.median / times.native.median, times.exact.median / times.library.median,
              times.mean_bytes, times.most_bytes, times.ring_bytes, times.ring_bytes / read * 1e6});
  report->add(row);
}

}  // namespace

int reduce_in(Communicator& world, const std::vector<std::string>& arguments) {
  std::vector<int> sizes;
  Common common;
  std::int64_t blocks = 0;
  phase(world, [&] {
    const GivenOptions given = parse_options(command_line(), arguments);
    common = take_common(given);
    sizes = integers(given, "values", {256, 16384, 262144, 4194304}, 1, 1 << 30);
    blocks = given.integer("blocks", 2 * world.size(), world.size(), 1 << 20);
  });
  std::unique_ptr<Report> report;
  if (world.rank() == 0) {
    std::vector<Column> columns = {
        {"ranks", "ranks", 5}, {"blocks", "blocks", 6}, {"vector_bytes", "KB", 8, 1, 1e-3}};
    add_spread(columns, "exact_microseconds", "exact us", 9, 1);
    add_spread(columns, "native_microseconds", "native us", 9, 1);
    add_spread(columns, "library_microseconds", "MPI us", 9, 1);
    columns.insert(columns.end(), {{"exact_over_native", "/ native", 8, 2},
                                   {"exact_over_library", "/ MPI", 6, 2},
                                   {"sent_bytes_mean", "sent KB", 8, 1, 1e-3},
                                   {"sent_bytes_most", "most KB", 8, 1, 1e-3},
                                   {"ring_bytes_a_rank", "ring KB", 8, 1, 1e-3},
                                   {"bound_microseconds", "bound us", 8, 1}});
    report = std::make_unique<Report>("reduce", common.json, columns,
                                      Json{{"runs", common.runs}, {"mpi", mpi_library()}});
  }
  for (const int values : sizes) measure_size(report.get(), world, blocks, values, common.runs);
  if (report) report->finish();
  return static_cast<int>(ExitCode::finished);
}

int run_reduce(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) {
    check_launcher(world);
    return reduce_in(world, arguments);
  });
}

}  // namespace rondo::apps::bench
