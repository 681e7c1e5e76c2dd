// What a run's metrics.jsonl tells whoever trains its steps again: how it was started, each time,
// and what came of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "rondo/io/metrics.hpp"

namespace rondo::apps {

// The line that each start of a run leaves.
struct RunStart {
  std::int64_t step = 0;  // that it went on from
  std::int64_t ranks = 0;
  std::int64_t numerics = 0;  // their version
  std::string data_fingerprint;
  std::string configuration;  // config_to_text()
  std::string state_digest;   // before its first step
};
MetricsLine make_metrics_line(const RunStart& start);

struct PastRun {
  std::vector<RunStart> starts;                   // ascending by step, the last at each
  std::map<std::int64_t, std::string> digests;    // of the state after a step; 0: before the first
  std::map<std::int64_t, double> gradient_norms;  // of a step, as reports have them
};

// Of a run's folder; lines that are none are left out. Empty where there is no metrics.jsonl.
PastRun read_past_run(const std::filesystem::path& folder);

}  // namespace rondo::apps
