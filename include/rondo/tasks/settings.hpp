// What configures a task, and what a task sees of a run's settings.
#pragma once

#include <string>

#include "rondo/core/settings.hpp"
#include "rondo/data/settings.hpp"
#include "rondo/kernels/losses/numbers.hpp"
#include "rondo/model/settings.hpp"

namespace rondo {

struct ClassifySettings {
  std::string pool = "last";           // what of a sequence's steps is read
  std::string class_weights = "none";  // in the loss
};

SettingsGroup<ClassifySettings> classify_settings();

// Of tasks that say numbers.
struct NumberSettings {
  std::string loss = "squared";  // of a number
  double huber_delta = 1;        // in deviations of the target
  std::string quantiles = "0.1,0.5,0.9";

  // What the keys of loss mean.
  kernels::NumberLoss number_loss() const;
};

SettingsGroup<NumberSettings> number_settings();

// Of tasks of sequences.
struct SequenceSettings {
  // fresh: each lies in one window, and begins there; carried: it goes on over the windows'
  // borders.
  std::string state = "fresh";

  bool carries_state() const { return state == "carried"; }
};

SettingsGroup<SequenceSettings> sequence_settings();

// Of data whose words have letters.
struct LetterSettings {
  std::int64_t letters_hidden = 64;     // units, each way; 0: the letters are not read
  std::int64_t letters_embedding = 32;  // of a letter
};

SettingsGroup<LetterSettings> letter_settings();

struct TaskSettings : NetworkSettings,
                      LetterSettings,
                      ClassifySettings,
                      NumberSettings,
                      SequenceSettings,
                      BatchSettings,
                      SeedSettings {};

}  // namespace rondo
