// What may be labelled wrongly in a split: samples on which a model is sure, and the target
// differs.
#pragma once

#include <cstdint>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {

namespace tasks {
struct Suspect;
}  // namespace tasks

// Whether a task answers whole sequences, which can be judged one by one.
bool has_suspects(const Task& task, const Columns& columns);

// What tasks/figures/suspects.hpp makes of what the model says of a split, the worst first, the
// same on any ranks and threads. `columns`: as it reads them. `beam`: of texts, by which its own
// one is searched for. Collective.
template <class Real>
std::vector<tasks::Suspect> find_suspects(const SavedModel<Real>& model, Evaluator<Real>& evaluator,
                                          const WindowSource& split, const Columns& columns,
                                          std::int64_t beam, ThreadPool& pool, Communicator& world);

}  // namespace rondo
