// How much of a step's communication hides behind its computation, where the links are slow. The
// computation is emulated: a timed wait that polls, in which the gradient becomes ready little by
// little over the last two thirds.
//   ./hosts 4 1gbit bench_overlap [PARAMETERS MILLISECONDS STEPS PIECE]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "rondo/comm/reducer.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/comm/small_sums.hpp"
#include "rondo/core/buffer.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// As a backward pass has them: time steps and weight panels follow each other in a millisecond or
// less. The emulated processor leaves its core to other ranks.
constexpr std::chrono::microseconds between_polls{200};
// A weight panel of 64 units, 512 inputs.
constexpr std::size_t panel = 64 * 512;

// One step's computation; `reducer` may be null: then nothing is communicated.
void compute(Seconds duration, std::size_t parameters, rondo::Reducer<float>* reducer) {
  const Clock::time_point begun = Clock::now();
  std::size_t ready = 0;
  for (double done = 0; done < 1; std::this_thread::sleep_for(between_polls)) {
    done = std::min(1.0, Seconds(Clock::now() - begun) / duration);
    if (reducer == nullptr) continue;
    const double share = std::max(0.0, (done - 1.0 / 3) * 1.5);
    std::size_t now = static_cast<std::size_t>(share * static_cast<double>(parameters));
    now = done < 1 ? now / panel * panel : parameters;
    if (now > ready) reducer->start(ready, now);
    ready = now;
    reducer->poll();
  }
}

double median_step(rondo::Communicator& world, const std::string& strategy, std::size_t parameters,
                   Seconds duration, int steps, std::size_t piece) {
  const rondo::BlockPlan plan{world.size(), world.size()};
  rondo::Buffer<float> gradient(parameters);
  rondo::SmallSums sums(world, plan, 2, 2);
  const auto reducer = strategy == "none"
                           ? nullptr
                           : rondo::make_reducer<float>(strategy, world, plan, {gradient.data()},
                                                        gradient.data(), parameters, piece);
  std::vector<double> times;
  for (int step = -2; step < steps; ++step) {  // the first two warm up
    const Clock::time_point begun = Clock::now();
    compute(duration, parameters, reducer.get());
    if (reducer != nullptr) {
      reducer->finish();
      sums.join();
    }
    if (step >= 0) times.push_back(Seconds(Clock::now() - begun).count());
  }
  world.barrier();
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  return rondo::run_session(argc, argv, [&](rondo::Communicator& world) {
    const std::size_t parameters = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2'500'000;
    const Seconds duration(1e-3 * (argc > 2 ? std::atof(argv[2]) : 250));
    const int steps = argc > 3 ? std::atoi(argv[3]) : 15;
    const std::size_t piece =
        argc > 4 ? std::strtoull(argv[4], nullptr, 10) : rondo::default_piece_elements;
    const double alone = median_step(world, "none", parameters, duration, steps, piece);
    for (const std::string& strategy : rondo::reducer_names()) {
      const std::uint64_t before = world.bytes_sent();
      const double step = median_step(world, strategy, parameters, duration, steps, piece);
      const double sent = static_cast<double>(world.bytes_sent() - before) / (steps + 2);
      if (world.rank() != 0) continue;
      fmt::print(
          "{:<7} {} ranks, {} parameters: {:.1f} ms a step, {:.1f} ms without communication: "
          "{:.1f} % of the speed{}\n",
          strategy, world.size(), parameters, 1e3 * step, 1e3 * alone, 100 * alone / step,
          strategy == "exact" ? fmt::format("; {:.2f} MB sent a rank and step", 1e-6 * sent) : "");
    }
    return 0;
  });
}
