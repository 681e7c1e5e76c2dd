#include "rondo/train/saved_model.hpp"

#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/counters.hpp"
#include "rondo/train/saved_run.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo {

ModelFile read_model(const std::filesystem::path& file_or_run, bool best,
                     const std::function<void(const std::string&)>& warn) {
  const std::filesystem::path path = resolve_checkpoint(file_or_run, best, warn);
  ModelFile newest{path, read_checkpoint(path)};
  if (best || !std::filesystem::is_directory(file_or_run)) return newest;
  Counters counters;
  counters.load(newest.state);
  if (!counters.diverges()) return newest;
  const auto good = newest_whole_checkpoint(file_or_run, counters.good_step);
  if (!good) return newest;
  warn(
      fmt::format("the loss was not finite in the {} steps up to step {}: the checkpoint of step "
                  "{} is used, the newest known as good",
                  counters.skipped_in_a_row, counters.step, good->step));
  return {good->path, read_checkpoint(good->path)};
}

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
      stored_columns(task.load_columns(state)),
      columns(task.columns_for(config, stored_columns)),
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
