// Optimizers: the one owner of changing parameters.
//
// An optimizer holds its moments in buffers of the parameters' layout and updates all of them in
// one pass over a thread pool. Adding one: a file in src/optim/, a line in the table of
// src/optim/optimizers.cpp, its settings in optim/settings.hpp where it has new ones.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rondo/core/parameter_layout.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/optim/settings.hpp"

namespace rondo {

template <class Real>
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // One update. `factor` multiplies every gradient (scale and clip, rounded once), `rate` is the
  // schedule's, `update` counts the updates applied, this one included, from 1. Leaves anything in
  // `gradients`. Frozen segments stay as they are, their moments too.
  virtual void step(double factor, double rate, std::int64_t update, std::span<Real> parameters,
                    std::span<Real> gradients, ThreadPool& pool) = 0;
  // Its moments, each a buffer of the parameters' layout, with its name ("first_moment").
  struct Moment {
    const char* name;
    std::span<Real> values;
  };
  virtual std::vector<Moment> moments() = 0;

  // Logical arrays "optimizer/<moment>/<parameter>".
  void save(const ParameterLayout& layout, NamedState& state);
  void load(const ParameterLayout& layout, const NamedState& state);
};

// What a run must know of an optimizer: its line in the table.
struct OptimizerTraits {
  std::string name;
  // Keys of the settings that it reads beside `rate` and `weight-decay`; all others are other
  // optimizers'.
  std::vector<std::string> settings;
  // What `weight-decay` is, where it is no L2 term added to the gradient; for its line of help.
  std::string weight_decay = {};
  // A validation begins a mean of the weights (train/counters.hpp), which then takes their place in
  // evaluation: the run listens to its validations.
  bool averages_by_validation = false;
};

// By settings.optimizer, for parameters of `layout`, which outlives it. InputError for an unknown
// name.
template <class Real>
std::unique_ptr<Optimizer<Real>> make_optimizer(const OptimizationSettings& settings,
                                                const ParameterLayout& layout);
// InputError for an unknown name.
const OptimizerTraits& optimizer_traits(const std::string& name);
std::vector<std::string> optimizer_names();

}  // namespace rondo
