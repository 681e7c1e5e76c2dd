#include "apps/doctor/hosts.hpp"

#include <algorithm>
#include <set>

namespace rondo::apps::doctor {
namespace {

// Processors that are missing to a rank's threads.
int missing(const RankFacts& rank) {
  return rank.threads - static_cast<int>(rank.processors.size());
}

void complete(Host& host) {
  std::set<int> processors;
  host.narrowest = host.ranks.front();
  host.memory_available = host.ranks.front()->memory_available;
  host.thread_peak = host.ranks.front()->thread_peak;
  for (const RankFacts* rank : host.ranks) {
    processors.insert(rank->processors.begin(), rank->processors.end());
    host.threads += rank->threads;
    host.offered = std::max(host.offered, rank->offered);
    host.online = std::max(host.online, rank->online);
    host.memory_available = std::min(host.memory_available, rank->memory_available);
    host.thread_peak = std::min(host.thread_peak, rank->thread_peak);
    // A limit that one rank finds holds for all ranks of its job there.
    if (rank->quota > 0 && (host.quota <= 0 || rank->quota < host.quota)) host.quota = rank->quota;
    if (missing(*rank) > missing(*host.narrowest)) host.narrowest = rank;
  }
  host.processors = static_cast<int>(processors.size());
}

}  // namespace

std::vector<Host> hosts_of(const std::vector<RankFacts>& ranks) {
  std::vector<Host> hosts;
  for (const RankFacts& rank : ranks) {
    auto host = std::find_if(hosts.begin(), hosts.end(),
                             [&](const Host& other) { return other.name == rank.host; });
    if (host == hosts.end()) host = hosts.insert(hosts.end(), Host{.name = rank.host});
    host->ranks.push_back(&rank);
  }
  for (Host& host : hosts) complete(host);
  return hosts;
}

int fewest_processors(const std::vector<Host>& hosts) {
  return std::min_element(hosts.begin(), hosts.end(),
                          [](const Host& a, const Host& b) { return a.processors < b.processors; })
      ->processors;
}

}  // namespace rondo::apps::doctor
