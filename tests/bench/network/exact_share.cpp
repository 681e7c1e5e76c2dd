// What exactness costs in training: the same model trained with the exact and with the native
// reducer, step by step in turn, on the ranks of one run.
//   mpirun -n 2 --bind-to none bench_exact_share DATA.rondo [HIDDEN LANES STEPS]
// Two LSTM layers, blocks of 16 lanes, windows of 64; medians of 20 steps each.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <vector>

#include "rondo/comm/session.hpp"
#include "rondo/kernels/target.hpp"
#include "rondo/train/trainer.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Run {
  std::unique_ptr<rondo::Trainer<float>> trainer;
  std::vector<double> seconds;
  double median() {
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
  }
};

}  // namespace

int main(int argc, char** argv) {
  return rondo::run_session(argc, argv, [&](rondo::Communicator& world) {
    if (argc < 2) rondo::throw_input("bench_exact_share needs a data set");
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
    Run exact, native;
    for (Run* run : {&exact, &native}) {
      config.reducer = run == &exact ? "exact" : "native";
      run->trainer = std::make_unique<rondo::Trainer<float>>(config, data, world, pool, nullptr);
    }
    for (int step = -2; step < steps; ++step) {  // two to warm up
      for (Run* run : {&exact, &native}) {
        world.barrier();
        const Clock::time_point begun = Clock::now();
        run->trainer->step();
        if (step < 0) continue;
        run->seconds.push_back(std::chrono::duration<double>(Clock::now() - begun).count());
      }
    }
    const double by_exact = exact.median();
    const double by_native = native.median();
    if (world.rank() == 0) {
      fmt::print(
          "{} ranks, {} hidden, {} lanes: exact {:.2f} ms a step ({:.2f} .. {:.2f}), native "
          "{:.2f} ms ({:.2f} .. {:.2f}): exact over native {:.4f}\n",
          world.size(), config.hidden, config.lanes, 1e3 * by_exact, 1e3 * exact.seconds.front(),
          1e3 * exact.seconds.back(), 1e3 * by_native, 1e3 * native.seconds.front(),
          1e3 * native.seconds.back(), by_exact / by_native);
    }
    return 0;
  });
}
