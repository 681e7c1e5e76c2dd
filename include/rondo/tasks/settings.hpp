// What configures a task, and what a task sees of a run's settings.
#pragma once

#include <string>

#include "rondo/core/settings.hpp"
#include "rondo/data/folds.hpp"
#include "rondo/data/forecasts.hpp"
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

// Of forecasts: data/forecasts.hpp.
struct ForecastSettings {
  std::int64_t horizon = 1;
  std::string horizon_from = "direct";  // or feedback: a row is said, and fed back for the next one
  std::int64_t look_back = 0;  // 0: four horizons or two seasons, the longer, in whole segments
  std::int64_t stride = 1;
  std::int64_t segment = 1;
  std::int64_t season = 1;
  std::string subtract = "last";
  std::string channels = "together";  // or each apart

  bool feeds_back() const { return horizon_from == "feedback"; }
  bool operator==(const ForecastSettings&) const = default;
};

SettingsGroup<ForecastSettings> forecast_settings();

// Of data whose words have letters.
struct LetterSettings {
  std::int64_t letters_hidden = 64;     // units, each way; 0: the letters are not read
  std::int64_t letters_embedding = 32;  // of a letter
};

SettingsGroup<LetterSettings> letter_settings();

// Of a sequence that is read and another one that is said.
struct TransduceSettings {
  std::int64_t encoder_layers = 0, decoder_layers = 0;  // 0: as `layers`
  std::string attention = "general";                    // how the decoder looks at what was read
  bool input_feeding = false;  // what it has seen there goes into its next step
  // Share of the symbols that the decoder reads in training which are its own, at the run's end.
  double scheduled_sampling = 0;
  std::int64_t target_window = 0;  // steps of what is said; 0: `window` in the ratio of all steps
  // Sequences of a validation that are said in full, and by which the best is chosen; 0: by the
  // loss.
  std::int64_t validation_texts = 0;
};

SettingsGroup<TransduceSettings> transduce_settings();

// Of labels that steps spell.
struct TranscribeSettings {
  std::int64_t stack_frames = 1;  // of the data, that are one step of the network
};

SettingsGroup<TranscribeSettings> transcribe_settings();

struct TaskSettings : NetworkSettings,
                      LetterSettings,
                      ClassifySettings,
                      NumberSettings,
                      SequenceSettings,
                      ForecastSettings,
                      TransduceSettings,
                      TranscribeSettings,
                      AugmentationSettings,
                      FoldSettings,
                      BatchSettings,
                      SeedSettings {
  // Layers of what reads a sequence, and of what says another one.
  std::int64_t reading_layers() const { return encoder_layers > 0 ? encoder_layers : layers; }
  std::int64_t saying_layers() const { return decoder_layers > 0 ? decoder_layers : layers; }
  // Steps of the data that are one of the last layer's, and so of what steps spell.
  std::int64_t frames_together() const { return stack_frames * thinning().together(); }
};

// What complete settings mean for forecasts, as a network is trained. InputError for those of
// --state fresh where state is carried, and for losses whose numbers cannot be fed back.
ForecastShape forecast_shape(const TaskSettings& config);
// Of a network that feeds back: what it reads as it forecasts the whole horizon, and the same
// origins with all that is forecast from them, each number relative to the mean.
ForecastShape fed_shape(const TaskSettings& config);
ForecastShape whole_shape(const TaskSettings& config);

// Appends the names of a group's keys: of what a task has no use for, say.
template <class Settings>
void append_keys(std::vector<std::string>& keys, const SettingsGroup<Settings>& group) {
  for (const auto& key : group.keys) keys.push_back(key.name);
}

}  // namespace rondo
