#include "rondo/train/saved_model.hpp"

#include "rondo/train/saved_run.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo {

Config saved_config(const NamedState& state, const std::string& where) {
  const auto found = state.texts.find("configuration");
  if (found == state.texts.end()) throw_input("{} holds no configuration", where);
  Config config = config_from_text(found->second, where);
  try {
    complete(config);
  } catch (const InputError& error) {
    throw_input("{}: its configuration is not possible: {}", where, error.what());
  }
  return config;
}

template <class Real>
SavedModel<Real>::SavedModel(const NamedState& state, const std::string& where)
    : config(saved_config(state, where)),
      task(task_of(state, where)),
      columns(task.load_columns(state)),
      plan(task.model(config, columns)),
      layout(plan.layout()) {
  const std::string group = evaluated_group(state);
  check_saved_parameters<Real>(layout, state, group, where);  // before memory is asked for
  parameters.resize(layout.size());
  layout.load<Real>(state, group, parameters);
}

template struct SavedModel<float>;
template struct SavedModel<double>;

}  // namespace rondo
