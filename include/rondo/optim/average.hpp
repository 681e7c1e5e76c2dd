// The average of a run's weights, which evaluation and generation take in their place.
//
// Moving (settings.average = beta): a = a + (1 - beta) (p - a) after each update. Of averaged SGD
// (Polyak & Juditsky 1992): the mean of the weights of all updates since averaging began, as
// a = a + (p - a) / n. The first weights that an average takes in, it copies. As
// torch.optim.swa_utils.AveragedModel and torch.optim.ASGD.
#pragma once

#include <cstdint>
#include <span>

#include "rondo/core/thread_pool.hpp"
#include "rondo/optim/settings.hpp"

namespace rondo {

// What the weights of an update count in the average, of which they are number `count`, from 1.
double average_weight(const OptimizationSettings& settings, std::int64_t count);

// a = fma(weight, p - a, a), the weight rounded once; of weight 1, p.
template <class Real>
void take_into_average(double weight, std::span<const Real> parameters, std::span<Real> average,
                       ThreadPool& pool);

}  // namespace rondo
