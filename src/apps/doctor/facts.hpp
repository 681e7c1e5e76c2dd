// What a rank can find out about itself and the host it runs on, for `rondo doctor`.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/core/thread_pool.hpp"

namespace rondo::apps::doctor {

struct RankFacts {
  int rank = 0;
  std::string host;
  std::string processor;  // as the system calls it
  std::string version;    // of rondo
  int numerics = 0;
  std::string mpi;                   // library and version
  std::vector<std::string> targets;  // vector instructions, best first; not empty
  std::vector<int> processors;       // logical ones that this rank may run on
  int cores = 0;                     // physical ones among them
  int offered = 0;                   // logical ones that mpirun itself, which may bind, may run on
  int online = 0;                    // logical ones that the host has
  double quota =
      0;            // processors that a control group (container, batch system) grants; 0: no limit
  int threads = 0;  // that this rank would train with
  std::uint64_t memory_total = 0;      // bytes, the control group's limit where that is less
  std::uint64_t memory_available = 0;  // bytes
  double thread_peak = 0;        // FLOP/s of its slowest thread, all threads of all ranks at once
  std::string digest;            // of a small training computation (same_bits.hpp)
  std::string data_fingerprint;  // of --data; empty where none was named
  std::string data_error;        // why it cannot be used here
};

// A rank of another version may lack some.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RankFacts, rank, host, processor, version, numerics,
                                                mpi, targets, processors, cores, offered, online,
                                                quota, threads, memory_total, memory_available,
                                                thread_peak, digest, data_fingerprint, data_error)

// All facts but peak, digest and data. Asks the system alone.
RankFacts facts_of_rank(const Communicator& world, int threads);

// The best of several measurements on all threads of all ranks at once. Collective.
double thread_peak(Communicator& world, ThreadPool& pool);

// Every rank's facts, in rank order, at rank 0; empty elsewhere. Collective.
std::vector<RankFacts> gather_facts(Communicator& world, const RankFacts& mine);

}  // namespace rondo::apps::doctor
