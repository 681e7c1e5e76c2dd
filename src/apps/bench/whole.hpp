// Whole training steps: what `rondo bench step --whole` measures.
#pragma once

#include "apps/bench/benchmarks.hpp"

namespace rondo::apps::bench {

// Embedding, layers, softmax, clipping and Adam by the trainer that `rondo train` uses, one rank,
// the data in the system's file cache. `given`: --vocabulary and --threads.
int bench_whole_steps(const GivenOptions& given, const std::vector<Shape>& shapes,
                      const Common& common);

}  // namespace rondo::apps::bench
