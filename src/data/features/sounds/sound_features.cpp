#include "data/features/sounds/sound_features.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "data/features/feature_texts.hpp"
#include "data/features/sounds/mel_bands.hpp"
#include "data/features/sounds/sound.hpp"
#include "data/features/sounds/spectrum.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/shell_quote.hpp"

namespace rondo {
namespace {

using S = SoundSettings;

constexpr std::int64_t highest_rate = 1'000'000;

SettingsGroup<S> sound_settings() {
  using enum KeyKind;
  using keys::choice;
  using keys::integer;
  using keys::number;
  constexpr std::int64_t most_bands = 1024;
  constexpr double longest = 10'000;
  const NumberRange milliseconds = {.low = 0, .high = longest, .low_open = true};
  return {
      .heading = "sounds",
      .keys =
          {
              choice({"sound-features", fixed,
                      "what a step of sound is: the logarithm of the power in bands of the mel "
                      "scale, or the first coefficients of their cosine transform"},
                     &S::features, {"mel", "mfcc"}),
              integer({"sound-bands", fixed, "bands of the mel scale"}, &S::bands, 1, most_bands),
              integer({"sound-coefficients", fixed, "of mfcc: how many"}, &S::coefficients, 1,
                      most_bands),
              number({"sound-window-ms", fixed, "length of the window of a step, milliseconds"},
                     &S::window, milliseconds),
              number({"sound-step-ms", fixed, "from one step to the next, milliseconds"}, &S::step,
                     milliseconds),
              integer({"sound-deltas", fixed,
                       "1: a step has the slopes of its numbers by time, too; 2: and the slopes of "
                       "these"},
                      &S::deltas, 0, 2),
              choice({"sound-normalise", fixed,
                      "over what a number's mean is subtracted and its deviation divided by, "
                      "before the scales of the train split"},
                     &S::normalise, {"none", "recording"}),
              integer({"sound-rate", fixed,
                       "samples a second, which all files must have; 0: those of the first file"},
                      &S::rate, 0, highest_rate),
          },
      .complete = [](S& settings) {
        if (settings.features != "mfcc" || settings.coefficients <= settings.bands) return;
        throw_input("--sound-coefficients {} is more than --sound-bands {}", settings.coefficients,
                    settings.bands);
      }};
}

std::int64_t samples_in(double milliseconds, std::int64_t rate) {
  constexpr double thousand = 1000;
  const double samples = std::round(milliseconds * static_cast<double>(rate) / thousand);
  return std::max(static_cast<std::int64_t>(samples), std::int64_t{1});
}

// Steps of numbers.
struct Table {
  std::size_t steps = 0, width = 0;
  std::vector<double> values = {};

  double* row(std::size_t step) { return values.data() + step * width; }
};

// Slopes of columns `from` to `from + width` to those behind, in place.
void add_slopes(Table& table, std::size_t from, std::size_t width) {
  constexpr std::ptrdiff_t reach = 2;
  constexpr double squares = 2 * (1 * 1 + 2 * 2);
  const auto last = static_cast<std::ptrdiff_t>(table.steps) - 1;
  for (std::ptrdiff_t step = 0; step <= last; ++step) {
    for (std::size_t i = from; i < from + width; ++i) {
      double sum = 0;
      for (std::ptrdiff_t n = 1; n <= reach; ++n) {
        const auto after = static_cast<std::size_t>(std::min(step + n, last));
        const auto before = static_cast<std::size_t>(std::max(step - n, std::ptrdiff_t{0}));
        sum += static_cast<double>(n) * (table.row(after)[i] - table.row(before)[i]);
      }
      table.row(static_cast<std::size_t>(step))[i + width] = sum / squares;
    }
  }
}

// Each column to mean 0 and deviation 1; one that is the same in all steps to 0.
void normalise(Table& table) {
  const auto count = static_cast<double>(table.steps);
  for (std::size_t i = 0; i < table.width; ++i) {
    double sum = 0, squares = 0;
    for (std::size_t step = 0; step < table.steps; ++step) sum += table.row(step)[i];
    const double mean = sum / count;
    bool differ = false;
    for (std::size_t step = 0; step < table.steps; ++step) {
      double& value = table.row(step)[i];
      differ = differ || value != table.row(0)[i];
      squares += (value - mean) * (value - mean);
    }
    const double deviation = std::sqrt(squares / count);
    for (std::size_t step = table.steps; step-- > 0;) {
      double& value = table.row(step)[i];
      value = differ && deviation > 0 ? (value - mean) / deviation : 0;
    }
  }
}

class SoundFeatures final : public FileFeatures {
 public:
  explicit SoundFeatures(const S& settings)
      : settings_(settings),
        window_(samples_in(settings.window, settings.rate)),
        step_(samples_in(settings.step, settings.rate)),
        spectrum_(static_cast<std::size_t>(window_)),
        bands_(settings.bands, spectrum_.bins(), settings.rate) {
    if (bands_.any_empty()) {
      throw_input(
          "--sound-bands {} are more than a window of {} ms tells apart at {} samples a second: "
          "take fewer, or a longer --sound-window-ms",
          settings.bands, settings.window, settings.rate);
    }
    if (settings.features != "mfcc") return;
    cosines_.emplace(bands_.size(), static_cast<std::size_t>(settings.coefficients));
  }

  const char* kind() const override { return "audio"; }
  int width() const override {
    return static_cast<int>(own_width()) * static_cast<int>(1 + settings_.deltas);
  }
  FeatureTexts settings() const override { return texts_of(sound_settings(), settings_); }
  std::string describe() const override;
  void read(const std::filesystem::path& file, std::vector<double>& numbers) const override;

 private:
  // Without slopes.
  std::size_t own_width() const {
    return static_cast<std::size_t>(cosines_ ? settings_.coefficients : settings_.bands);
  }

  S settings_;
  std::int64_t window_, step_;  // samples
  Spectrum spectrum_;
  MelBands bands_;
  std::optional<CosineTransform> cosines_;
};

void SoundFeatures::read(const std::filesystem::path& file, std::vector<double>& numbers) const {
  const Sound sound = read_sound(file);
  if (sound.rate != settings_.rate) {
    std::filesystem::path to = file;
    to.replace_extension(".new.wav");
    throw_input("{} has {} samples a second, and {} are read: resample it, with: sox {} -r {} {}",
                file.string(), sound.rate, settings_.rate, shell_quoted(file.string()),
                settings_.rate, shell_quoted(to.string()));
  }
  const auto length = static_cast<std::int64_t>(sound.samples.size());
  Table table;
  table.steps = static_cast<std::size_t>(length < window_ ? 1 : 1 + (length - window_) / step_);
  table.width = static_cast<std::size_t>(width());
  table.values.resize(table.steps * table.width);
  Spectrum spectrum = spectrum_;
  std::vector<double> power(spectrum.bins()), logarithms(bands_.size());
  for (std::size_t step = 0; step < table.steps; ++step) {
    spectrum.power(std::span(sound.samples).subspan(step * static_cast<std::size_t>(step_)), power);
    bands_.logarithms(power, logarithms);
    const std::span<double> to(table.row(step), own_width());
    if (cosines_) {
      cosines_->apply(logarithms, to);
    } else {
      std::ranges::copy(logarithms, to.begin());
    }
  }
  for (std::int64_t i = 0; i < settings_.deltas; ++i) {
    add_slopes(table, static_cast<std::size_t>(i) * own_width(), own_width());
  }
  if (settings_.normalise == "recording") normalise(table);
  numbers.insert(numbers.end(), table.values.begin(), table.values.end());
}

std::string SoundFeatures::describe() const {
  return fmt::format("sounds of {} samples a second, every {} ms a window of {} ms: {}{}{}",
                     settings_.rate, settings_.step, settings_.window,
                     cosines_ ? fmt::format("{} coefficients (mfcc) of {} bands",
                                            settings_.coefficients, settings_.bands)
                              : fmt::format("{} bands (mel)", settings_.bands),
                     settings_.deltas == 0   ? ""
                     : settings_.deltas == 1 ? " and their slopes"
                                             : ", their slopes and the slopes of these",
                     settings_.normalise == "recording" ? ", normalised by recording" : "");
}

}  // namespace

std::vector<KeyFacts> sound_keys() { return facts_of(sound_settings()); }

FeatureTexts sound_defaults() { return texts_of(sound_settings(), S()); }

std::shared_ptr<const FileFeatures> make_sound_features(const FeatureTexts& given,
                                                        const std::filesystem::path& first) {
  S settings = settings_from(sound_settings(), given);
  if (settings.rate == 0) {
    if (first.empty()) throw_input("the rate of sounds is not told");
    settings.rate = read_sound(first).rate;
  }
  return std::make_shared<SoundFeatures>(settings);
}

}  // namespace rondo
