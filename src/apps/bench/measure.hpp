// Measuring: runs, their spread, and what bounds them.
//
// Every figure is a median of several runs with the least and the most beside it, and is judged by
// limits measured in the same process at the same time: machines are noisy and change their clocks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "rondo/kernels/targets/peak.hpp"

namespace rondo::apps::bench {

struct Spread {
  double median = 0, least = 0, most = 0;
};
// Of at least one value.
Spread spread_of(std::vector<double> values);

// Seconds of a clock that never goes back, whatever the process does meanwhile.
double wall_seconds();
// Processor time of all threads of this process.
double processor_seconds();

// As the system calls it; "unknown" where it does not say.
std::string processor_name();
// That built this program: "g++ 12.2.0".
std::string compiler_name();

// The roofline (Williams, Waterman & Patterson 2009): work takes at least as long as the
// multiply-add units need for its operations, and as the caches or the memory need for its bytes.
struct Roofline {
  double operations = 0;
  // Bytes over kernels::read_bandwidth of a buffer as large as their array.
  double bytes_seconds = 0;

  double seconds(double peak) const { return std::max(operations / peak, bytes_seconds); }
  double rate(double peak) const { return std::min(peak, operations / bytes_seconds); }
  const char* bound_by(double peak) const {
    return bytes_seconds > operations / peak ? "read" : "fma";
  }
};

// Times of runs, and the peak of one thread around each: the larger of those measured right before
// and right after it.
struct Runs {
  std::vector<double> seconds, peaks;

  Spread seconds_spread() const { return spread_of(seconds); }
  double peak() const { return spread_of(peaks).median; }
  // `operations` of a run over what its peak allows in its time.
  Spread share_of_peak(double operations) const;
};

// `runs` >= 1 runs of `work` on this thread, in its processor time, after one that warms up, each
// after `prepare`, whose time does not count.
template <class Work, class Prepare>
Runs measure_runs(int runs, Work&& work, Prepare&& prepare) {
  Runs result;
  for (int run = -1; run < runs; ++run) {
    prepare();
    const double before = kernels::fma_peak();
    const double begun = kernels::thread_seconds();
    work();
    const double seconds = kernels::thread_seconds() - begun;
    const double peak = std::max(before, kernels::fma_peak());
    if (run < 0) continue;
    result.seconds.push_back(seconds);
    result.peaks.push_back(peak);
  }
  return result;
}
template <class Work>
Runs measure_runs(int runs, Work&& work) {
  return measure_runs(runs, work, [] {});
}

}  // namespace rondo::apps::bench
