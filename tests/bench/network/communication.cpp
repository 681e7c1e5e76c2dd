// What communication costs in training, and what exactness adds to it: the same model trained with
// the exact reducer, with the native one, and by each rank alone (its share of the lanes, all ranks
// at once and nothing said between them), step by step in turn, on the ranks of one run.
//   mpirun -n 2 --bind-to none bench_communication DATA.rondo [HIDDEN LANES STEPS]
// Two LSTM layers, blocks of 16 lanes, windows of 64; medians of 20 steps each. Communication's
// share is what a step takes longer than a step alone, over the step. Beside it:
// ddp_communication.py.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <vector>

#include "rondo/comm/in_process.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/trainer.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Run {
  const char* name;
  std::unique_ptr<rondo::Trainer<float>> trainer = nullptr;
  std::vector<double> seconds = {};

  double median() const { return seconds[seconds.size() / 2]; }  // once sorted
};

}  // namespace

int main(int argc, char** argv) {
  return rondo::run_session(argc, argv, [&](rondo::Communicator& world) {
    if (argc < 2) rondo::throw_input("bench_communication needs a data set");
    rondo::kernels::set_float_mode();
    const rondo::TextDataset data(argv[1]);
    rondo::ThreadPool pool(1, rondo::kernels::set_float_mode);
    rondo::Config config;
    config.layers = 2;
    config.hidden = argc > 2 ? std::atoi(argv[2]) : 512;
    config.lanes = argc > 3 ? std::atoi(argv[3]) : 64;
    config.block = 16;
    config.window = 64;
    config.clip_norm = 1;
    const int steps = argc > 4 ? std::atoi(argv[4]) : 20;
    config.steps = steps + 2;
    rondo::complete(config);

    const std::unique_ptr<rondo::Communicator> nobody = rondo::make_single();
    Run exact{"exact"}, native{"native"}, alone{"alone"};
    for (Run* run : {&exact, &native, &alone}) {
      rondo::Config own = config;
      if (run == &native) own.reducer = "native";
      if (run == &alone) own.lanes = std::max(own.block, own.lanes / world.size());
      run->trainer = std::make_unique<rondo::Trainer<float>>(
          own, data, run == &alone ? *nobody : world, pool, nullptr);
    }
    for (int step = -2; step < steps; ++step) {  // two to warm up
      for (Run* run : {&exact, &native, &alone}) {
        world.barrier();
        const Clock::time_point begun = Clock::now();
        run->trainer->step();
        world.barrier();  // until the slowest rank is done
        if (step < 0) continue;
        run->seconds.push_back(std::chrono::duration<double>(Clock::now() - begun).count());
      }
    }
    if (world.rank() != 0) return 0;
    for (Run* run : {&exact, &native, &alone}) std::sort(run->seconds.begin(), run->seconds.end());
    fmt::print("{} ranks, {:.2f} M parameters ({} hidden), {} lanes\n", world.size(),
               1e-6 * static_cast<double>(exact.trainer->parameters().size()), config.hidden,
               config.lanes);
    for (const Run* run : {&exact, &native, &alone}) {
      fmt::print("{:<7}{:9.2f} ms a step ({:.2f} .. {:.2f}), {:.3f} of native", run->name,
                 1e3 * run->median(), 1e3 * run->seconds.front(), 1e3 * run->seconds.back(),
                 run->median() / native.median());
      if (run != &alone) {
        fmt::print(", {:.1f} % communication", 100 * (1 - alone.median() / run->median()));
      }
      fmt::print("\n");
    }
    return 0;
  });
}
