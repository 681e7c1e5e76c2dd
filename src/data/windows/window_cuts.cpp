#include "rondo/data/window_cuts.hpp"

#include <algorithm>
#include <cmath>

#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"

namespace rondo {
namespace {

// Of the paper, for windows of 70.
constexpr double whole_share = 0.95, deviation = 5;
constexpr std::int64_t shortest = 5;

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

}  // namespace

std::int64_t WindowLengths::longest() const {
  return varies ? window + static_cast<std::int64_t>(4 * deviation) : window;
}

std::int64_t WindowLengths::length(std::int64_t index) const {
  if (!varies) return window;
  const RandomStream random(seed, Purpose::window_lengths, static_cast<std::uint64_t>(index));
  const double whole = static_cast<double>(window);
  const double base = random.uniform(0) < whole_share ? whole : whole / 2;
  const auto drawn = static_cast<std::int64_t>(std::floor(base + deviation * random.normal(0)));
  return std::clamp(drawn, std::min(shortest, window), longest());
}

WindowCuts::WindowCuts(const WindowLengths& lengths, std::int64_t lane_tokens)
    : lengths_(lengths), lane_tokens_(lane_tokens), last_(cut_at(0, 0, 0)) {}

WindowCuts::Cut WindowCuts::cut_at(std::int64_t index, std::int64_t epoch,
                                   std::int64_t start) const {
  return {epoch, start, std::min(lengths_.length(index), lane_tokens_ - start)};
}

WindowCuts::Cut WindowCuts::cut(std::int64_t index) {
  if (!lengths_.varies) {
    const std::int64_t per_epoch = divide_up(lane_tokens_, lengths_.window);
    return cut_at(index, index / per_epoch, index % per_epoch * lengths_.window);
  }
  if (index < index_) {
    index_ = 0;
    last_ = cut_at(0, 0, 0);
  }
  while (index_ < index) {
    const std::int64_t end = last_.start + last_.times;
    const bool epoch_ends = end == lane_tokens_;
    ++index_;
    last_ = cut_at(index_, last_.epoch + (epoch_ends ? 1 : 0), epoch_ends ? 0 : end);
  }
  return last_;
}

std::int64_t WindowCuts::windows_of(std::int64_t epochs) const {
  if (!lengths_.varies) return epochs * divide_up(lane_tokens_, lengths_.window);
  const auto check = [epochs](std::int64_t windows) {
    if (windows <= most_varying) return;
    throw_input(
        "{} epochs have more than {} windows, the most that there can be where their lengths "
        "vary; give fewer epochs, or leave --window-varies out",
        epochs, most_varying);
  };
  check(epochs * divide_up(lane_tokens_, lengths_.longest()));  // before they are counted
  WindowCuts cuts(lengths_, lane_tokens_);
  std::int64_t index = 0;
  while (cuts.cut(index).epoch < epochs) check(++index);
  return index;
}

}  // namespace rondo
