#include "rondo/data/settings.hpp"

#include <algorithm>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using keys::flag;
using keys::integer;
using keys::million;

using S = BatchSettings;

constexpr std::int64_t preferred_block = 16;  // the kernels' tiles are full
constexpr std::int64_t slow_block = 8;        // below, a weight is loaded for too few lanes

std::int64_t largest_divisor(std::int64_t number, std::int64_t limit) {
  std::int64_t divisor = std::min(number, limit);
  while (number % divisor != 0) --divisor;
  return divisor;
}

// "16 or 32": multiples of 16 around `lanes`.
std::string better_lanes(std::int64_t lanes) {
  const std::int64_t below = lanes / preferred_block * preferred_block;
  const std::int64_t above = below + preferred_block;
  return below == 0 ? fmt::format("{}", above) : fmt::format("{} or {}", below, above);
}

void complete_batch(S& settings) {
  if (settings.block == 0) settings.block = largest_divisor(settings.lanes, preferred_block);
  if (settings.lanes % settings.block != 0) {
    throw_input("--block {} does not divide --lanes {}; {} does", settings.block, settings.lanes,
                largest_divisor(settings.lanes, settings.block));
  }
  if (settings.eval_lanes == 0) settings.eval_lanes = settings.lanes;
  if (settings.eval_lanes % settings.block != 0) {
    throw_input("--eval-lanes {} is not a multiple of the block of {} lanes; {} is",
                settings.eval_lanes, settings.block,
                std::max(settings.eval_lanes / settings.block, std::int64_t{1}) * settings.block);
  }
}

std::vector<std::string> notices_of_batch(const S& settings) {
  if (settings.block >= slow_block) return {};
  const std::int64_t best = largest_divisor(settings.lanes, preferred_block);
  return {fmt::format("{} lanes in blocks of {} compute slowly; {}", settings.lanes, settings.block,
                      best >= slow_block
                          ? fmt::format("--block {} is faster", best)
                          : fmt::format("--lanes {} gives full blocks of {}",
                                        better_lanes(settings.lanes), preferred_block))};
}

}  // namespace

SettingsGroup<S> batch_settings() {
  using enum KeyKind;
  return {
      .heading = "batch",
      .keys =
          {
              integer({"lanes", fixed, "rows of the global batch, over all ranks"}, &S::lanes, 1,
                      million),
              integer({"block", fixed,
                       "neighbouring lanes summed together, divides lanes; 0: the largest divisor "
                       "up to 16"},
                      &S::block, 0, million),
              integer({"window", fixed, "time steps between two updates"}, &S::window, 1, million),
              flag({"window-varies", fixed,
                    "draw each window's length around that of --window, and let the rate go with "
                    "it, as AWD-LSTM does"},
                   &S::window_varies),
              integer({"eval-lanes", fixed, "lanes of validation; 0: as lanes"}, &S::eval_lanes, 0,
                      million),
          },
      .complete = complete_batch,
      .notices = notices_of_batch};
}

SettingsGroup<AugmentationSettings> augmentation_settings() {
  using A = AugmentationSettings;
  using enum KeyKind;
  return {
      .heading = "augmentation",
      .keys = {
          integer({"mask-steps", fixed,
                   "training: two stretches of at most N steps of a sequence's numbers are their "
                   "mean, anew in each epoch (SpecAugment)"},
                  &A::mask_steps, 0, million),
          integer({"mask-features", fixed,
                   "training: likewise two stretches of at most N neighbouring numbers of all its "
                   "steps"},
                  &A::mask_features, 0, million),
          integer({"shift-features", fixed,
                   "training: the numbers of a sequence's steps are moved by the same -N to N "
                   "places, and what comes in is the edge's"},
                  &A::shift_features, 0, million),
          keys::number(
              {"noise", fixed, "training: normal noise of X deviations is added to each number"},
              &A::noise, {0, 1000}),
          keys::number(
              {"stretch", fixed,
               "training: time is stretched about a sequence's middle by a factor of "
               "1 / (1 + X) to 1 + X; its steps stay as many: what is too much is cut off, "
               "what lacks is the edge's"},
              &A::stretch, {0, 1}),
      }};
}

}  // namespace rondo
