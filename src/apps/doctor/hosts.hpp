// Ranks, by host.
#pragma once

#include <string>
#include <vector>

#include "apps/doctor/facts.hpp"

namespace rondo::apps::doctor {

struct Host {
  std::string name;
  std::vector<const RankFacts*> ranks = {};  // at least one
  const RankFacts* narrowest = nullptr;      // the rank with the fewest processors for its threads
  int processors = 0;                        // logical ones that its ranks may use between them
  int threads = 0;                           // of all its ranks
  double quota = 0;                          // processors granted; 0: no limit
  int offered = 0;                           // processors that its launcher could let them use
  int online = 0;                            // processors that the host has
  std::uint64_t memory_available = 0;
  double thread_peak = 0;  // of its slowest rank
};

// In the order of their first ranks. The facts outlive the result.
std::vector<Host> hosts_of(const std::vector<RankFacts>& ranks);

int fewest_processors(const std::vector<Host>& hosts);

}  // namespace rondo::apps::doctor
