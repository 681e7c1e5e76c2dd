// What each sample of a step had to do with its gradient: each trained alone.
//
// A sample is a sequence, or what of it lies in the window where its state is carried; of a text,
// what a lane has of it in the window. Each goes there and back in a lane of its own, from the
// state that its lane carries, with the draws (dropout) that it had in company, so that the sums
// over all samples are the step's own, but for rounding. Bits hang on the sample alone, not on
// ranks, threads or its neighbours.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/core/lane_plan.hpp"
#include "rondo/core/named_state.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"

namespace rondo {

struct SampleShare {
  std::int64_t lane = 0;       // of the run
  std::int64_t sequence = -1;  // its number in the train split; -1: a lane of a text
  std::int64_t step = 0;       // the sequence's own, of the first that is here
  std::int64_t steps = 0;      // that are here
  double targets = 0;          // their weight
  double loss = 0;             // nats over all of them
  double norm = 0;  // of its gradient, over the whole step's targets as the step's own is
  // How much of the step's gradient is due to it: its gradient along that, (g_i . g) / (g . g). The
  // sum over all samples is 1; one that pulls the other way has less than 0.
  double share = 0;
};

// Of the step that comes after `state` (its parameters, lanes and counters are looked at; on every
// rank), whose gradient, a sum over `targets`, is `gradient`. `config` is complete; `layout` is the
// model's, `total_steps` the run's. Those of a rank's `own` lanes, by lane, then by place in it.
// InputError where they need more memory than there is. Not collective.
template <class Real>
std::vector<SampleShare> measure_samples(const Config& config, const Dataset& data,
                                         const NamedState& state, const ParameterLayout& layout,
                                         std::span<const Real> gradient, double targets,
                                         std::int64_t total_steps, const LaneShare& own,
                                         ThreadPool& pool);

// Those of all ranks, in their order, at rank 0; none elsewhere. Collective.
std::vector<SampleShare> united(Communicator& world, const std::vector<SampleShare>& own);

// The worst first: those without a finite norm, then by norm, of equals in their order.
void worst_first(std::vector<SampleShare>& samples);

}  // namespace rondo
