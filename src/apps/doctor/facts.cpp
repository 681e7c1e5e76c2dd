#include "apps/doctor/facts.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "apps/bench/measure.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/core/version.hpp"
#include "rondo/kernels/peak.hpp"
#include "rondo/kernels/target.hpp"

namespace rondo::apps::doctor {
namespace {

// The first word of a file of the system's; empty where there is none.
std::string first_word(const std::string& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}

std::uint64_t number_or(const std::string& text, std::uint64_t otherwise) {
  std::uint64_t number = 0;
  std::istringstream stream(text);
  return stream >> number ? number : otherwise;
}

std::vector<int> allowed_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  std::vector<int> processors;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) processors.push_back(i);
  }
  return processors;
}

// Hardware threads of one core share the multiply-add units that training keeps busy.
int count_cores(const std::vector<int>& processors) {
  std::set<std::string> cores;
  for (const int processor : processors) {
    const std::string topology =
        "/sys/devices/system/cpu/cpu" + std::to_string(processor) + "/topology/";
    const std::string core = first_word(topology + "core_id");
    if (core.empty()) return static_cast<int>(processors.size());
    cores.insert(fmt::format("{}:{}", first_word(topology + "physical_package_id"), core));
  }
  return static_cast<int>(cores.size());
}

// The folder of this process's control group (version 2), where its limits stand.
std::string control_group() {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (line.starts_with("0::")) return "/sys/fs/cgroup" + line.substr(3);
  }
  return "/sys/fs/cgroup";
}

// "max 100000" or "150000 100000": microseconds of processor time a period.
double processor_quota(const std::string& group) {
  std::ifstream file(group + "/cpu.max");
  std::string most;
  double period = 0;
  if (!(file >> most >> period) || most == "max" || period <= 0) return 0;
  return static_cast<double>(number_or(most, 0)) / period;
}

struct Memory {
  std::uint64_t total = 0, available = 0;
};

Memory read_memory(const std::string& group) {
  Memory memory;
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    const std::uint64_t bytes = number_or(line.substr(line.find(':') + 1), 0) * 1024;
    if (line.starts_with("MemTotal:")) memory.total = bytes;
    if (line.starts_with("MemAvailable:")) memory.available = bytes;
  }
  const std::uint64_t limit = number_or(first_word(group + "/memory.max"), memory.total);
  if (limit < memory.total) {
    const std::uint64_t used = number_or(first_word(group + "/memory.current"), 0);
    memory.total = limit;
    memory.available = std::min(memory.available, limit - std::min(limit, used));
  }
  return memory;
}

}  // namespace

RankFacts facts_of_rank(const Communicator& world, int threads) {
  RankFacts facts;
  facts.rank = world.rank();
  facts.host = world.host();
  facts.processor = bench::processor_name();
  facts.version = RONDO_VERSION;
  facts.numerics = numerics_version;
  facts.mpi = mpi_library();
  facts.targets = kernels::supported_targets();
  facts.processors = allowed_processors();
  facts.cores = count_cores(facts.processors);
  facts.online = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  const std::string group = control_group();
  facts.quota = processor_quota(group);
  facts.threads = threads;
  const Memory memory = read_memory(group);
  facts.memory_total = memory.total;
  facts.memory_available = memory.available;
  return facts;
}

double thread_peak(Communicator& world, ThreadPool& pool) {
  constexpr int runs = 10;
  std::vector<double> best(static_cast<std::size_t>(pool.threads()));
  for (int run = 0; run < runs; ++run) {
    world.barrier();
    pool.run([&](int thread) {
      double& mine = best[static_cast<std::size_t>(thread)];
      mine = std::max(mine, kernels::fma_peak());
    });
  }
  return *std::min_element(best.begin(), best.end());
}

std::vector<RankFacts> gather_facts(Communicator& world, const RankFacts& mine) {
  const std::string text =
      nlohmann::json(mine).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::vector<RankFacts> all;
  for (const auto& bytes : gather(world, std::as_bytes(std::span(text)), 0)) {
    const auto* begin = reinterpret_cast<const char*>(bytes.data());
    all.push_back(nlohmann::json::parse(begin, begin + bytes.size()).get<RankFacts>());
  }
  return all;
}

}  // namespace rondo::apps::doctor
