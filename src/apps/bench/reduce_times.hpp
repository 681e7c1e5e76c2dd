// How long a reduction takes on its own, and what it sends.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rondo/comm/communicator.hpp"

namespace rondo::apps::bench {

// Seconds of several runs, each as the slowest rank needed it.
struct RunTimes {
  double median = 0;
  double least = 0;
  double most = 0;
};

struct ReduceTimes {
  RunTimes exact;    // the reducers, in pieces of the usual length
  RunTimes native;   //
  RunTimes library;  // the message library's own sum of the whole vector, one blocking call
  // Bytes that a rank sends for one exact reduction, in the mean and the one that sends most, and
  // what each sends in a ring.
  double mean_bytes = 0;
  double most_bytes = 0;
  double ring_bytes = 0;
};

// Reduces `elements` floats in a run of `blocks` blocks, `runs` times each way in turn, after two
// runs to warm up; the same numbers on every rank. Collective.
ReduceTimes time_reduce(Communicator& world, std::size_t elements, std::int64_t blocks, int runs);

}  // namespace rondo::apps::bench
