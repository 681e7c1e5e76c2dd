// Reductions on their own, exact beside native and the MPI library's blocking MPI_Allreduce; bytes
// that a rank sends beside a ring's.
//   mpirun -n 4 --oversubscribe bench_reduce [BLOCKS]      # default: the number of ranks
// Medians of 31 runs in turn (11 above 1 MB), least and most.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "rondo/comm/reduce_bench.hpp"
#include "rondo/comm/session.hpp"

namespace {

std::string milliseconds(const rondo::RunTimes& times) {
  return fmt::format("{:.3f} ({:.3f} .. {:.3f})", 1e3 * times.median, 1e3 * times.least,
                     1e3 * times.most);
}

}  // namespace

int main(int argc, char** argv) {
  return rondo::run_session(argc, argv, [&](rondo::Communicator& world) {
    const std::int64_t blocks = argc > 1 ? std::atoll(argv[1]) : world.size();
    if (world.rank() == 0) {
      fmt::print("{} ranks, {} blocks, milliseconds\n", world.size(), blocks);
      fmt::print("{:>7}{:>26}{:>26}{:>26}{:>7}{:>19}{:>9}\n", "bytes", "exact", "native",
                 "MPI_Allreduce", "ratio", "of a ring's bytes", "at most");
    }
    for (const std::size_t kilobytes : {64, 1024, 16 * 1024}) {
      const int runs = kilobytes > 1024 ? 11 : 31;
      const rondo::ReduceTimes times = rondo::time_reduce(world, kilobytes * 256, blocks, runs);
      if (world.rank() != 0) continue;
      const auto of_ring = [&](double bytes) {
        return times.ring_bytes > 0 ? bytes / times.ring_bytes : 0;
      };
      fmt::print("{:>5} k{:>26}{:>26}{:>26}{:>7.2f}{:>19.2f}{:>9.2f}\n", kilobytes,
                 milliseconds(times.exact), milliseconds(times.native), milliseconds(times.library),
                 times.exact.median / times.library.median, of_ring(times.mean_bytes),
                 of_ring(times.most_bytes));
      std::fflush(stdout);
    }
    return 0;
  });
}
