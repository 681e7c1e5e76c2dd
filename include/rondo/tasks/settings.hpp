// What configures a task, and what a task sees of a run's settings.
#pragma once

#include <string>

#include "rondo/core/settings.hpp"
#include "rondo/data/settings.hpp"
#include "rondo/model/settings.hpp"

namespace rondo {

struct ClassifySettings {
  std::string pool = "last";           // what of a sequence's steps is read
  std::string class_weights = "none";  // in the loss
};

SettingsGroup<ClassifySettings> classify_settings();

struct TaskSettings : NetworkSettings, ClassifySettings, BatchSettings, SeedSettings {};

}  // namespace rondo
