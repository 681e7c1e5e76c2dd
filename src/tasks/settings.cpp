#include "rondo/tasks/settings.hpp"

namespace rondo {

SettingsGroup<ClassifySettings> classify_settings() {
  using S = ClassifySettings;
  using enum KeyKind;
  using keys::choice;
  return {.heading = "model",
          .keys = {
              choice({"pool", fixed,
                      "classify: what of a sequence is read: its last state, or its states' mean, "
                      "maximum, or mean by weights that are learned"},
                     &S::pool, {"last", "mean", "max", "attention"}),
              choice({"class-weights", fixed,
                      "classify, label: weight of each class in the loss; balanced: as one over "
                      "its frequency"},
                     &S::class_weights, {"none", "balanced"}),
          }};
}

}  // namespace rondo
