#include "apps/doctor/links.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "apps/bench/measure.hpp"

namespace rondo::apps::doctor {
namespace {

using bench::spread_of;
using bench::wall_seconds;

constexpr std::size_t piece_bytes = std::size_t{1} << 20;  // what a reducer sends at a time
constexpr int round_trips = 100;
constexpr int exchanges = 8;
constexpr double longest = 1.0;  // seconds for a link's bandwidth: slow ones get fewer pieces

// This computer's time of day, in seconds.
double time_of_day() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

template <class Value>
std::span<std::byte> bytes_of(Value& value) {
  return std::as_writable_bytes(std::span(&value, 1));
}

// Latency and bandwidth to `peer`, as the rank that asks sees them; the peer answers.
std::pair<double, double> measure(Communicator& world, int peer, bool asks) {
  std::vector<double> halves;
  double message = 0;
  for (int i = 0; i < round_trips; ++i) {
    const double begun = wall_seconds();
    if (asks) world.send(bytes_of(message), peer);
    world.receive(bytes_of(message), peer);
    if (!asks) world.send(bytes_of(message), peer);
    halves.push_back((wall_seconds() - begun) / 2);
  }
  std::vector<std::byte> out(piece_bytes), in(piece_bytes);
  std::vector<double> rates;
  double goes_on = 1;
  const double first = wall_seconds();
  while (goes_on != 0) {
    const double begun = wall_seconds();
    world.exchange(out, peer, in, peer);
    rates.push_back(static_cast<double>(piece_bytes) / (wall_seconds() - begun));
    if (asks) {
      const bool enough = rates.size() > exchanges || wall_seconds() - first > longest;
      goes_on = enough ? 0 : 1;
      world.send(bytes_of(goes_on), peer);
    } else {
      world.receive(bytes_of(goes_on), peer);
    }
  }
  return {spread_of(halves).median, spread_of(rates).median};
}

}  // namespace

std::vector<int> first_ranks(const std::vector<std::string>& hosts) {
  std::vector<int> first;
  for (std::size_t rank = 0; rank < hosts.size(); ++rank) {
    if (std::find(hosts.begin(), hosts.begin() + static_cast<std::ptrdiff_t>(rank), hosts[rank]) ==
        hosts.begin() + static_cast<std::ptrdiff_t>(rank)) {
      first.push_back(static_cast<int>(rank));
    }
  }
  return first;
}

std::vector<Link> measure_links(Communicator& world, const std::vector<std::string>& hosts) {
  const auto host = [&](int rank) { return hosts[static_cast<std::size_t>(rank)]; };
  std::vector<Link> links;
  const auto add = [&](int from, int to) { links.push_back({from, to, host(from), host(to)}); };
  const std::vector<int> first = first_ranks(hosts);
  for (std::size_t i = 0; i + 1 < first.size(); ++i) add(first[i], first[i + 1]);
  if (first.size() > 2) add(first.back(), first.front());
  for (int rank = 1; rank < world.size(); ++rank) {
    const auto earlier = std::find(hosts.begin(), hosts.begin() + rank, host(rank));
    if (earlier == hosts.begin() + rank) continue;
    add(static_cast<int>(earlier - hosts.begin()), rank);
    break;
  }
  for (Link& link : links) {
    world.barrier();
    std::pair<double, double> figures;
    if (world.rank() == link.from) figures = measure(world, link.to, true);
    if (world.rank() == link.to) measure(world, link.from, false);
    if (link.from != 0) {
      if (world.rank() == link.from) world.send(bytes_of(figures), 0);
      if (world.rank() == 0) world.receive(bytes_of(figures), link.from);
    }
    std::tie(link.latency, link.bandwidth) = figures;
  }
  return world.rank() == 0 ? links : std::vector<Link>{};
}

std::vector<ClockOffset> measure_clocks(Communicator& world,
                                        const std::vector<std::string>& hosts) {
  constexpr int questions = 20;
  std::vector<ClockOffset> offsets;
  for (const int rank : first_ranks(hosts)) {
    if (rank == 0) continue;
    world.barrier();
    double offset = 0, least = 0;
    for (int i = 0; i < questions; ++i) {
      if (world.rank() == rank) {
        double time = 0;
        world.receive(bytes_of(time), 0);
        time = time_of_day();
        world.send(bytes_of(time), 0);
      } else if (world.rank() == 0) {
        // The answer was given about half way between question and arrival (Cristian 1989); the
        // quickest one says it best.
        double time = 0;
        const double asked = time_of_day();
        const double begun = wall_seconds();
        world.send(bytes_of(time), rank);
        world.receive(bytes_of(time), rank);
        const double way = wall_seconds() - begun;
        if (i == 0 || way < least) {
          least = way;
          offset = time - (asked + way / 2);
        }
      }
    }
    offsets.push_back({hosts[static_cast<std::size_t>(rank)], offset});
  }
  return world.rank() == 0 ? offsets : std::vector<ClockOffset>{};
}

}  // namespace rondo::apps::doctor
