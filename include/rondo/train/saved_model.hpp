// A model as it comes out of a checkpoint: what evaluation and generation need.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "rondo/core/parameter_layout.hpp"
#include "rondo/model/network.hpp"
#include "rondo/tasks/task.hpp"
#include "rondo/train/config.hpp"

namespace rondo {

// A checkpoint whose weights are asked for, by its file or its run (io/run_folder.hpp). Of a run
// that diverges the newest has useless ones: then it is the newest known as good, with a sentence
// to `warn`.
struct ModelFile {
  std::filesystem::path path;
  NamedState state;
};
ModelFile read_model(const std::filesystem::path& file_or_run, bool best,
                     const std::function<void(const std::string&)>& warn);

// The configuration that a checkpoint holds, complete. InputError if there is none, or none that a
// run can have. `where` names its file.
Config saved_config(const NamedState& state, const std::string& where);

template <class Real>
struct SavedModel {
  // InputError if the state is not that of a model of this precision. `where` names its file.
  SavedModel(const NamedState& state, const std::string& where);

  Config config;
  const Task& task;
  Columns stored_columns, columns;  // of its data, and as it reads them
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
