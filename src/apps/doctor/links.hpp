// The wires between hosts, measured with messages of the sizes that training sends.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rondo/comm/communicator.hpp"

namespace rondo::apps::doctor {

// Between two ranks, nothing else under way.
struct Link {
  int from = 0, to = 0;  // ranks
  std::string from_host, to_host;
  double latency = 0;    // seconds, one way: half of a small message's way there and back, median
  double bandwidth = 0;  // bytes/s, each way, both ways at once
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Link, from, to, from_host, to_host, latency, bandwidth)

// Each host's first rank to the next host's, around, and on the first host with two ranks one to
// the other. `hosts` has the host of every rank and is the same everywhere. The result is rank 0's,
// empty elsewhere. Collective.
std::vector<Link> measure_links(Communicator& world, const std::vector<std::string>& hosts);

// How far the clock of each host is ahead of rank 0's, in seconds, in the order of the hosts' first
// ranks; at rank 0. Right to within the latency. Collective.
struct ClockOffset {
  std::string host;
  double seconds = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ClockOffset, host, seconds)
std::vector<ClockOffset> measure_clocks(Communicator& world, const std::vector<std::string>& hosts);

// The first rank of each host, in the order of ranks.
std::vector<int> first_ranks(const std::vector<std::string>& hosts);

}  // namespace rondo::apps::doctor
