#include "data/features/pictures/picture_features.hpp"

#include <algorithm>
#include <span>

#include "data/features/feature_texts.hpp"
#include "data/features/pictures/picture.hpp"
#include "data/features/pictures/scaling.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using S = PictureSettings;

constexpr std::int64_t widest_step = std::int64_t{1} << 20;  // numbers

struct Size {
  std::int64_t height = 0, width = 0;
};

// What of a picture can be a step.
struct Steps {
  const char* name;
  const char* what;
  bool has_height, has_width;  // whether a step is as high, as wide, as the picture
};

constexpr std::array all_steps{
    Steps{"columns", "each column of {} pixels is a step", true, false},
    Steps{"rows", "each row of {} pixels is a step", false, true},
    Steps{"patches", "each patch of {} pixels is a step, row by row", false, false},
    Steps{"whole", "each picture of {} pixels is one step", true, true},
};

const Steps& steps_named(const std::string& name) {
  return *std::ranges::find(all_steps, name, &Steps::name);
}

std::vector<std::string> step_names() {
  std::vector<std::string> names;
  names.reserve(all_steps.size());
  for (const Steps& steps : all_steps) names.emplace_back(steps.name);
  return names;
}

SettingsGroup<S> picture_settings() {
  using enum KeyKind;
  using keys::choice;
  using keys::integer;
  constexpr std::int64_t longest = Picture::longest_side;
  return {
      .heading = "pictures",
      .keys = {
          integer({"picture-height", fixed,
                   "scale pictures to so many pixels in height; 0: by --picture-width, or their "
                   "own, which is the first one's where a step is a column or whole"},
                  &S::height, 0, longest),
          integer({"picture-width", fixed,
                   "scale pictures to so many pixels in width; 0: by --picture-height, or their "
                   "own, which is the first one's where a step is a row or whole"},
                  &S::width, 0, longest),
          choice({"picture-steps", fixed, "what of a picture is a step"}, &S::steps, step_names()),
          integer({"picture-patch", fixed,
                   "pixels on a side of a patch; pictures are scaled to the nearest multiple"},
                  &S::patch, 1, longest),
          choice({"picture-colours", fixed, "what a pixel is, one number or three"}, &S::colours,
                 {"gray", "rgb"}),
      }};
}

// `length` times to / from, rounded, at least 1.
std::int64_t scaled(std::int64_t length, std::int64_t to, std::int64_t from) {
  return std::max((2 * length * to + from) / (2 * from), std::int64_t{1});
}

// A multiple of a patch's side, at least one.
std::int64_t whole_patches(std::int64_t length, std::int64_t patch) {
  return scaled(length, 1, patch) * patch;
}

// A thin picture may become a long one.
void check_scaled(const std::filesystem::path& file, const Picture& picture, const Size& size) {
  if (size.height <= Picture::longest_side && size.width <= Picture::longest_side) return;
  throw_input(
      "{} has {} x {} pixels (height x width), and would be scaled to {} x {}: a side may have {} "
      "at most",
      file.string(), picture.height, picture.width, size.height, size.width, Picture::longest_side);
}

class PictureFeatures final : public FileFeatures {
 public:
  explicit PictureFeatures(const S& settings)
      : settings_(settings), channels_(settings.colours == "rgb" ? 3 : 1) {}

  // The size to which a picture of `own` size is scaled.
  Size size_for(const Size& own) const {
    Size to{settings_.height, settings_.width};
    if (to.height == 0) {
      to.height = to.width == 0 ? own.height : scaled(own.height, to.width, own.width);
    }
    if (to.width == 0) {
      to.width = settings_.height == 0 ? own.width : scaled(own.width, to.height, own.height);
    }
    if (settings_.steps == "patches") {
      to = {whole_patches(to.height, settings_.patch), whole_patches(to.width, settings_.patch)};
    }
    return to;
  }

  const char* kind() const override { return "image"; }
  int width() const override { return static_cast<int>(step_width()); }
  bool has_one_step() const override { return settings_.steps == "whole"; }
  bool has_one_scale() const override { return true; }
  FeatureTexts settings() const override { return texts_of(picture_settings(), settings_); }
  std::string describe() const override;
  void read(const std::filesystem::path& file, std::vector<double>& numbers) const override;

  std::int64_t step_width() const {
    return pixels_a_step().height * pixels_a_step().width * channels_;
  }

 private:
  Size pixels_a_step() const {
    const std::int64_t other = settings_.steps == "patches" ? settings_.patch : 1;
    const Steps& steps = steps_named(settings_.steps);
    return {steps.has_height ? settings_.height : other, steps.has_width ? settings_.width : other};
  }
  void compose(const Pixel& pixel, double* to) const;

  S settings_;
  std::int64_t channels_;
};

// On white. One division of whole numbers, so that gray pictures give the same by any path.
void PictureFeatures::compose(const Pixel& pixel, double* to) const {
  constexpr std::int64_t most = 65535, thousand = 1000;
  const std::int64_t opacity = pixel[3];
  const auto on_white = [&](std::int64_t thousands) {
    const std::int64_t sum = opacity * thousands + (most - opacity) * most * thousand;
    return static_cast<double>(sum) / static_cast<double>(most * most * thousand);
  };
  if (channels_ == 1) {
    *to = on_white(299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2]);
    return;
  }
  for (std::size_t i = 0; i < 3; ++i) to[i] = on_white(thousand * pixel[i]);
}

void PictureFeatures::read(const std::filesystem::path& file, std::vector<double>& numbers) const {
  const Picture picture = read_picture(file);
  const Size size = size_for({picture.height, picture.width});
  check_scaled(file, picture, size);
  const auto channels = static_cast<std::size_t>(channels_);
  const auto row_numbers = static_cast<std::size_t>(size.width) * channels;
  const AxisScale along(picture.width, size.width), down(picture.height, size.height);
  std::vector<double> row(static_cast<std::size_t>(picture.width) * channels);
  std::vector<double> narrow(static_cast<std::size_t>(picture.height) * row_numbers);
  for (std::int64_t y = 0; y < picture.height; ++y) {
    for (std::int64_t x = 0; x < picture.width; ++x) {
      compose(picture.at(y, x), row.data() + x * channels_);
    }
    double* const to = narrow.data() + static_cast<std::size_t>(y) * row_numbers;
    for (std::size_t i = 0; i < row_numbers; ++i) {
      to[i] = along.value(row.data() + i % channels, static_cast<std::ptrdiff_t>(channels),
                          static_cast<std::int64_t>(i / channels));
    }
  }
  // Steps of pixels, from above, each from the left.
  const Size step = pixels_a_step();
  for (std::int64_t top = 0; top < size.height; top += step.height) {
    for (std::int64_t left = 0; left < size.width; left += step.width) {
      for (std::int64_t y = top; y < top + step.height; ++y) {
        for (std::int64_t i = left * channels_; i < (left + step.width) * channels_; ++i) {
          numbers.push_back(
              down.value(narrow.data() + i, static_cast<std::ptrdiff_t>(row_numbers), y));
        }
      }
    }
  }
}

std::string PictureFeatures::describe() const {
  const auto side = [](std::int64_t pixels) {
    return pixels == 0 ? std::string("any") : std::to_string(pixels);
  };
  const Size step = pixels_a_step();
  const std::string pixels = fmt::format("{} x {} {}", step.height, step.width, settings_.colours);
  const std::string size = settings_.height == 0 && settings_.width == 0
                               ? "pictures of any size"
                               : fmt::format("pictures of {} x {} pixels", side(settings_.height),
                                             side(settings_.width));
  return size + ", " + fmt::format(fmt::runtime(steps_named(settings_.steps).what), pixels);
}

}  // namespace

std::vector<KeyFacts> picture_keys() { return facts_of(picture_settings()); }

FeatureTexts picture_defaults() { return texts_of(picture_settings(), S()); }

std::shared_ptr<const FileFeatures> make_picture_features(const FeatureTexts& given,
                                                          const std::filesystem::path& first) {
  S settings = settings_from(picture_settings(), given);
  const Steps& steps = steps_named(settings.steps);
  const bool lacks_height = steps.has_height && settings.height == 0;
  const bool lacks_width = steps.has_width && settings.width == 0;
  if (lacks_height || lacks_width) {
    if (first.empty()) throw_input("what pictures are scaled to is not told");
    const Picture picture = read_picture(first);
    const Size size = PictureFeatures(settings).size_for({picture.height, picture.width});
    if (lacks_height) settings.height = size.height;
    if (lacks_width) settings.width = size.width;
  }
  auto features = std::make_shared<PictureFeatures>(settings);
  if (features->step_width() > widest_step) {
    throw_input(
        "a step of {} numbers is more than a network reads: make it smaller with --picture-height "
        "and --picture-width",
        features->step_width());
  }
  return features;
}

}  // namespace rondo
