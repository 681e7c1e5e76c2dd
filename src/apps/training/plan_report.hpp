// A run's plan in words: what --dry-run prints, and the line a run starts with.
#pragma once

#include <string>

#include "rondo/comm/communicator.hpp"
#include "rondo/model/network.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {

// One sentence: model, parameters, ranks and threads, vector target, where it starts.
std::string describe_run(const Communicator& world, const Config& config,
                         const ParameterLayout& layout, int threads, std::int64_t step,
                         std::int64_t total);

// Several lines: model, data, steps, blocks of each rank, idle share, memory of the rank that needs
// most.
std::string describe_plan(const Communicator& world, const Config& config, const Dataset& data);

}  // namespace rondo::apps
