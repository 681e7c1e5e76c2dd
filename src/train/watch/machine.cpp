#include "rondo/train/machine.hpp"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "rondo/kernels/targets/peak.hpp"

namespace rondo {

HostShare share_of_host(Communicator& world) {
  struct Mine {
    char host[256];
    cpu_set_t cores;
  };
  Mine mine = {};
  const std::string host = world.host();
  std::memcpy(mine.host, host.data(), std::min(host.size(), sizeof mine.host - 1));
  sched_getaffinity(0, sizeof mine.cores, &mine.cores);
  std::vector<std::vector<std::byte>> parts = gather(world, std::as_bytes(std::span(&mine, 1)), 0);
  std::vector<std::byte> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  broadcast(world, all, 0);

  cpu_set_t cores;
  CPU_ZERO(&cores);
  int ranks = 0;
  for (std::size_t at = 0; at < all.size(); at += sizeof(Mine)) {
    Mine other;
    std::memcpy(&other, all.data() + at, sizeof other);
    if (std::strcmp(other.host, mine.host) != 0) continue;
    CPU_OR(&cores, &cores, &other.cores);
    ++ranks;
  }
  return {std::max(1, CPU_COUNT(&cores)), std::max(1, ranks)};
}

int default_threads(Communicator& world) {
  const HostShare share = share_of_host(world);
  return std::max(1, share.cores / share.ranks);
}

double peak_of_all(Communicator& world, ThreadPool& pool) {
  std::vector<double> peaks(static_cast<std::size_t>(pool.threads()));
  pool.run([&](int thread) { peaks[static_cast<std::size_t>(thread)] = kernels::fma_peak(); });
  std::int64_t total = std::llround(std::accumulate(peaks.begin(), peaks.end(), 0.0));
  world.total(std::span(&total, 1));
  return static_cast<double>(total);
}

}  // namespace rondo
