#include "rondo/tasks/settings.hpp"

namespace rondo {

SettingsGroup<ClassifySettings> classify_settings() {
  using S = ClassifySettings;
  using enum KeyKind;
  using keys::choice;
  return {
      .heading = "model",
      .keys = {
          choice({"pool", fixed,
                  "classify: what of a sequence is read: its last state, or its states' mean, "
                  "maximum, or mean by weights that are learned"},
                 &S::pool, {"last", "mean", "max", "attention"}),
          choice(
              {"class-weights", fixed,
               "classify: weight of each class in the loss; balanced: as one over its frequency"},
              &S::class_weights, {"none", "balanced"}),
      }};
}

SettingsGroup<SequenceSettings> sequence_settings() {
  using S = SequenceSettings;
  return {.heading = "batch",
          .keys = {keys::choice(
              {"state", KeyKind::fixed,
               "tables: what a window begins with: fresh states, whole sequences in each window, "
               "however long; or those that the window before left, so that sequences go on, and "
               "gradients reach back to its first step alone"},
              &S::state, {"fresh", "carried"})}};
}

}  // namespace rondo
