// Forecasts row by row: what a model says of the next row is read as if it had come.
#pragma once

#include "rondo/comm/communicator.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/data/forecasts.hpp"
#include "rondo/tasks/evaluation.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {

// Of each sequence of `whole`, an origin of whole_shape(), all rows of the horizon, by a model that
// feeds back. With fresh state each row has a window of its own, the last rows of which are
// forecasts; with carried state a series is walked through once, and from each origin a copy of the
// state goes on. The same bits on any ranks, threads and lanes. InputError where there is no
// origin. Collective.
template <class Real>
Answers answer_by_feedback(const SavedModel<Real>& model, const ForecastSequences& whole,
                           ThreadPool& pool, Communicator& world);

}  // namespace rondo
