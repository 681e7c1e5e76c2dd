// A model as it comes out of a checkpoint: what evaluation and generation need.
#pragma once

#include <memory>

#include "rondo/core/config.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/model/network.hpp"
#include "rondo/tasks/task.hpp"

namespace rondo {

// The configuration that a checkpoint holds, complete. InputError if there is none, or none that a
// run can have. `where` names its file.
Config saved_config(const NamedState& state, const std::string& where);

template <class Real>
struct SavedModel {
  // InputError if the state is not that of a model of this precision. `where` names its file.
  SavedModel(const NamedState& state, const std::string& where);

  Config config;
  const Task& task;
  Columns columns;
  NetworkPlan plan;
  ParameterLayout layout;
  Buffer<Real> parameters;  // those that it is evaluated by (train/saved_run.hpp)
};

// Calls body.template operator()<Real>() with the type that the checkpoint's precision means.
template <class Body>
auto with_precision(const NamedState& state, const std::string& where, const Body& body) {
  return saved_config(state, where).precision == "double" ? body.template operator()<double>()
                                                          : body.template operator()<float>();
}

}  // namespace rondo
