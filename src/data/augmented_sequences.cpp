#include "rondo/data/augmented_sequences.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"

namespace rondo {
namespace {

// What is drawn; fixed numbers, below `draws`: part of the numerics.
enum class Draw : std::uint32_t { stretch, mask_steps, shift, noise, mask_features };
constexpr std::uint32_t draws = 8;
constexpr std::uint64_t masks = 2;  // of each kind

bool is_altered(const Column& column) {
  return !column.is_target() && column.is_real() && column.scope == ColumnScope::steps;
}

// [first, last) of a mask.
struct Mask {
  std::int64_t first, last;
};

// Mask number `mask` of sequence `sequence`, on `all` places.
Mask drawn_mask(const RandomStream& random, std::int64_t sequence, std::uint64_t mask,
                std::int64_t most, std::int64_t all) {
  const std::uint64_t draw = (static_cast<std::uint64_t>(sequence) * masks + mask) * 2;
  const auto longest = static_cast<std::uint64_t>(std::min(most, all / 2));
  const auto length = static_cast<std::int64_t>(random.below(longest + 1, draw));
  const auto places = static_cast<std::uint64_t>(all - length + 1);
  const auto first = static_cast<std::int64_t>(random.below(places, draw + 1));
  return {first, first + length};
}

}  // namespace

void check_augmentation(const AugmentationSettings& settings, const Columns& stored) {
  if (!settings.augments()) return;
  const std::array<std::pair<const char*, bool>, 5> asked{
      {{"mask-steps", settings.mask_steps > 0},
       {"mask-features", settings.mask_features > 0},
       {"shift-features", settings.shift_features > 0},
       {"noise", settings.noise > 0},
       {"stretch", settings.stretch > 0}}};
  if (std::ranges::none_of(stored, is_altered)) {
    throw_input(
        "--{} is of numbers at each step, and the data set has no such source: leave it out",
        std::ranges::find_if(asked, &std::pair<const char*, bool>::second)->first);
  }
  const bool is_wide = std::ranges::any_of(
      stored, [](const Column& column) { return is_altered(column) && column.width > 1; });
  if (!is_wide && (settings.mask_features > 0 || settings.shift_features > 0)) {
    throw_input(
        "--{} is of several numbers a step, and the data set has sources of one: leave it out",
        settings.mask_features > 0 ? "mask-features" : "shift-features");
  }
  if (settings.stretch == 0) return;
  for (const Column& column : stored) {
    if (is_altered(column) || column.scope == ColumnScope::sequence ||
        column.scope == ColumnScope::own) {
      continue;
    }
    throw_input("--stretch moves numbers to other steps, and '{}' stays at its own: leave it out",
                column.name);
  }
}

struct AugmentedSequences::Part {
  int number;  // the column's
  const Column& column;
  std::uint64_t seed;
  std::int64_t epoch, sequence, first;  // and its step
  std::span<double> values;

  std::size_t width() const { return static_cast<std::size_t>(column.width); }
  std::int64_t steps() const { return static_cast<std::int64_t>(values.size() / width()); }
  // Of draws that all columns share, and of those that each has for itself.
  RandomStream shared(Draw draw) const { return stream(draw, 0); }
  RandomStream own(Draw draw) const { return stream(draw, static_cast<std::uint32_t>(number) + 1); }

 private:
  RandomStream stream(Draw draw, std::uint32_t column_number) const {
    return {seed, Purpose::augmentation, static_cast<std::uint64_t>(epoch),
            column_number * draws + static_cast<std::uint32_t>(draw)};
  }
};

void AugmentedSequences::read_in_training(int number, std::int64_t first, std::int64_t epoch,
                                          std::span<double> values,
                                          std::vector<double>& room) const {
  const Column& column = stored_[static_cast<std::size_t>(number)];
  if (!is_altered(column)) return sequences_->read(number, first, values);
  const auto width = static_cast<std::size_t>(column.width);
  const std::span<const std::int64_t> starts = sequences_->starts();
  auto sequence = std::ranges::upper_bound(starts, first) - starts.begin() - 1;
  while (!values.empty()) {
    const std::int64_t left = starts[static_cast<std::size_t>(sequence) + 1] - first;
    const std::size_t own = std::min(values.size(), static_cast<std::size_t>(left) * width);
    const std::int64_t step = first - starts[static_cast<std::size_t>(sequence)];
    const Part part{number, column, seed_, epoch, sequence, step, values.first(own)};
    read_stretched(part, room);
    shift(part);
    add_noise(part);
    mask(part);
    values = values.subspan(own);
    first += left;
    ++sequence;
  }
}

void AugmentedSequences::read_stretched(const Part& part, std::vector<double>& room) const {
  const auto sequence = static_cast<std::size_t>(part.sequence);
  const std::int64_t start = sequences_->starts()[sequence];
  if (settings_.stretch == 0) {
    return sequences_->read(part.number, start + part.first, part.values);
  }
  const auto drawn = static_cast<std::uint64_t>(part.sequence);
  const double u = 2 * part.shared(Draw::stretch).uniform(drawn) - 1;
  const double pace = u < 0 ? 1 - settings_.stretch * u : 1 / (1 + settings_.stretch * u);
  const std::int64_t last = sequences_->lengths()[sequence] - 1;
  const double middle = static_cast<double>(last) / 2;
  const auto place_of = [&](std::int64_t step) {
    const double place = middle + (static_cast<double>(step) - middle) * pace;
    return std::clamp(place, 0.0, static_cast<double>(last));
  };
  const std::size_t width = part.width();
  const auto from = static_cast<std::int64_t>(place_of(part.first));
  const auto to =
      std::min(static_cast<std::int64_t>(place_of(part.first + part.steps() - 1)) + 1, last);
  const std::size_t needed = static_cast<std::size_t>(to - from + 1) * width;
  // Room for the longest sequence, so that no later one allocates.
  if (room.size() < needed) {
    room.resize(static_cast<std::size_t>(std::ranges::max(sequences_->lengths())) * width);
  }
  const auto stored = std::span(room).first(needed);
  sequences_->read(part.number, start + from, stored);
  for (std::int64_t i = 0; i < part.steps(); ++i) {
    const double place = place_of(part.first + i);
    const auto before = static_cast<std::int64_t>(place);
    const double behind = place - static_cast<double>(before);
    const double* const row = stored.data() + static_cast<std::size_t>(before - from) * width;
    double* const out = part.values.data() + static_cast<std::size_t>(i) * width;
    // The last step has none behind it.
    for (std::size_t j = 0; j < width; ++j) {
      out[j] = behind == 0 ? row[j] : row[j] + (row[j + width] - row[j]) * behind;
    }
  }
}

void AugmentedSequences::shift(const Part& part) const {
  if (settings_.shift_features == 0) return;
  const std::int64_t most = settings_.shift_features;
  const auto drawn = part.own(Draw::shift)
                         .below(static_cast<std::uint64_t>(2 * most + 1),
                                static_cast<std::uint64_t>(part.sequence));
  const std::int64_t places = std::clamp<std::int64_t>(static_cast<std::int64_t>(drawn) - most,
                                                       -part.column.width, part.column.width);
  for (std::size_t at = 0; at < part.values.size(); at += part.width()) {
    const auto row = part.values.subspan(at, part.width());
    const double edge = places > 0 ? row.front() : row.back();
    const auto moved = static_cast<std::size_t>(std::abs(places));
    if (places > 0) {
      std::shift_right(row.begin(), row.end(), places);
      std::ranges::fill(row.first(moved), edge);
    } else {
      std::shift_left(row.begin(), row.end(), -places);
      std::ranges::fill(row.last(moved), edge);
    }
  }
}

void AugmentedSequences::add_noise(const Part& part) const {
  if (settings_.noise == 0) return;
  const RandomStream random = part.own(Draw::noise);
  const std::uint64_t first = static_cast<std::uint64_t>(part.first) * part.width();
  for (std::size_t i = 0; i < part.values.size(); ++i) {
    const double normal = random.normal(first + i, static_cast<std::uint32_t>(part.sequence));
    part.values[i] += settings_.noise * part.column.deviation[i % part.width()] * normal;
  }
}

void AugmentedSequences::mask(const Part& part) const {
  if (settings_.mask_steps == 0 && settings_.mask_features == 0) return;
  const std::size_t width = part.width();
  const auto is_mean = [&](std::size_t row, std::size_t first, std::size_t last) {
    std::copy(part.column.mean.begin() + static_cast<std::ptrdiff_t>(first),
              part.column.mean.begin() + static_cast<std::ptrdiff_t>(last),
              part.values.begin() + static_cast<std::ptrdiff_t>(row * width + first));
  };
  const RandomStream steps = part.shared(Draw::mask_steps), own = part.own(Draw::mask_features);
  const std::int64_t length = sequences_->lengths()[static_cast<std::size_t>(part.sequence)];
  for (std::uint64_t i = 0; i < masks; ++i) {
    const Mask in_time = drawn_mask(steps, part.sequence, i, settings_.mask_steps, length);
    const Mask across =
        drawn_mask(own, part.sequence, i, settings_.mask_features, part.column.width);
    for (std::int64_t row = 0; row < part.steps(); ++row) {
      const std::int64_t step = part.first + row;
      const bool is_masked = step >= in_time.first && step < in_time.last;
      is_mean(static_cast<std::size_t>(row), is_masked ? 0 : static_cast<std::size_t>(across.first),
              is_masked ? width : static_cast<std::size_t>(across.last));
    }
  }
}

}  // namespace rondo
