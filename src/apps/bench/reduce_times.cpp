#include "apps/bench/reduce_times.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "rondo/comm/reducer.hpp"
#include "rondo/core/buffer.hpp"

namespace rondo::apps::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int warm_up_runs = 2;

// The vectors of a rank: zeros, which sums leave as they are.
struct Contributions {
  Contributions(std::size_t roots, std::size_t elements) : buffers(roots, Buffer<float>(elements)) {
    for (Buffer<float>& buffer : buffers) pointers.push_back(buffer.data());
  }
  std::vector<Buffer<float>> buffers;
  std::vector<float*> pointers;
};

// One run's nanoseconds on this rank; all ranks begin together.
template <class Reduce>
std::int64_t nanoseconds_of(Communicator& world, const Reduce& reduce) {
  world.barrier();
  const Clock::time_point begun = Clock::now();
  reduce();
  return std::chrono::nanoseconds(Clock::now() - begun).count();
}

RunTimes times_of(Communicator& world, std::vector<std::int64_t>& nanoseconds) {
  world.maximum(nanoseconds);
  std::sort(nanoseconds.begin(), nanoseconds.end());
  const auto seconds = [](std::int64_t value) { return 1e-9 * static_cast<double>(value); };
  return {seconds(nanoseconds[nanoseconds.size() / 2]), seconds(nanoseconds.front()),
          seconds(nanoseconds.back())};
}

}  // namespace

ReduceTimes time_reduce(Communicator& world, std::size_t elements, std::int64_t blocks, int runs) {
  const BlockPlan plan{blocks, world.size()};
  Contributions values(plan.roots(world.rank()).size(), elements);
  const auto make = [&](const char* strategy) {
    return make_reducer<float>(strategy, world, plan, values.pointers, values.pointers[0],
                               elements);
  };
  const auto exact = make("exact");
  const auto native = make("native");
  const auto reduce_with = [&](Reducer<float>& reducer) {
    return nanoseconds_of(world, [&] {
      reducer.start(0, elements);
      reducer.finish();
    });
  };

  std::vector<std::int64_t> exact_times, native_times, library_times;
  std::int64_t sent = 0;
  for (int run = -warm_up_runs; run < runs; ++run) {
    const std::uint64_t sent_before = world.bytes_sent();
    const std::int64_t by_exact = reduce_with(*exact);
    sent = static_cast<std::int64_t>(world.bytes_sent() - sent_before);
    const std::int64_t by_native = reduce_with(*native);
    const std::int64_t by_library =
        nanoseconds_of(world, [&] { world.native_sum(values.buffers[0]); });
    if (run < 0) continue;
    exact_times.push_back(by_exact);
    native_times.push_back(by_native);
    library_times.push_back(by_library);
  }
  std::int64_t sent_by_all = sent;
  world.maximum({&sent, 1});
  world.total({&sent_by_all, 1});
  ReduceTimes times;
  times.exact = times_of(world, exact_times);
  times.native = times_of(world, native_times);
  times.library = times_of(world, library_times);
  times.mean_bytes = static_cast<double>(sent_by_all) / world.size();
  times.most_bytes = static_cast<double>(sent);
  times.ring_bytes =
      2.0 * (world.size() - 1) / world.size() * static_cast<double>(elements * sizeof(float));
  return times;
}

}  // namespace rondo::apps::bench
