#include "apps/doctor/facts.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "apps/bench/measure.hpp"
#include "apps/words/program_version.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/core/version.hpp"
#include "rondo/kernels/targets/peak.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/host_limits.hpp"

namespace rondo::apps::doctor {
namespace {

// The first word of a file of the system's; empty where there is none.
std::string first_word(const std::string& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}

// Of a process; 0 is this one.
std::vector<int> allowed_processors(pid_t process) {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(process, sizeof set, &set);
  std::vector<int> processors;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) processors.push_back(i);
  }
  return processors;
}

// Those of this rank's parent, which binds ranks and not itself. Slurm's daemon tells nothing: it
// is not kept to the job's processors.
int offered_processors() {
  const pid_t parent = getppid();
  if (first_word(fmt::format("/proc/{}/comm", parent)) == "slurmstepd") return 0;
  return static_cast<int>(allowed_processors(parent).size());
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

}  // namespace

RankFacts facts_of_rank(const Communicator& world, int threads) {
  RankFacts facts;
  facts.rank = world.rank();
  facts.host = world.host();
  facts.processor = bench::processor_name();
  facts.version = program_version();
  facts.numerics = numerics_version;
  facts.mpi = mpi_library();
  facts.targets = kernels::supported_targets();
  facts.processors = allowed_processors(0);
  facts.cores = count_cores(facts.processors);
  facts.offered = offered_processors();
  facts.online = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  facts.quota = granted_processors();
  facts.threads = threads;
  const HostMemory memory = host_memory();
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
