#include "rondo/tasks/settings.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using kernels::NumberLossKind;

constexpr std::array losses{
    std::pair{"squared", NumberLossKind::squared}, std::pair{"absolute", NumberLossKind::absolute},
    std::pair{"huber", NumberLossKind::huber}, std::pair{"gaussian", NumberLossKind::gaussian},
    std::pair{"quantile", NumberLossKind::quantile}};

std::vector<std::string> loss_names() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : losses) names.emplace_back(name);
  return names;
}

std::vector<double> quantiles_in(const std::string& what, const std::string& text) {
  std::vector<double> quantiles;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    quantiles.push_back(parse_number(what, text.substr(begin, end - begin), {0, 1, true, true}));
    begin = end + 1;
  }
  if (std::ranges::adjacent_find(quantiles, std::ranges::greater_equal()) != quantiles.end()) {
    throw_input("{} takes numbers that ascend, not {}", what, rondo::quoted(text));
  }
  return quantiles;
}

}  // namespace

kernels::NumberLoss NumberSettings::number_loss() const {
  kernels::NumberLoss of;
  of.kind =
      std::ranges::find_if(losses, [&](const auto& each) { return each.first == loss; })->second;
  of.delta = huber_delta;
  if (of.kind == NumberLossKind::quantile) of.quantiles = quantiles_in("--quantiles", quantiles);
  return of;
}

SettingsGroup<NumberSettings> number_settings() {
  using S = NumberSettings;
  using enum KeyKind;
  return {
      .heading = "model",
      .keys =
          {
              keys::choice(
                  {"loss", fixed,
                   "of numbers: what is minimised of a number's error; gaussian says a mean "
                   "and a deviation, quantile the numbers of --quantiles"},
                  &S::loss, loss_names()),
              keys::number({"huber-delta", fixed,
                            "error from which the loss huber is no more squared but absolute, in "
                            "deviations of the target"},
                           &S::huber_delta, {0, 1e6, true}),
              keys::member({"quantiles", fixed,
                            "shares, with commas between them, below which the loss quantile's "
                            "numbers lie"},
                           "X,X,...", &S::quantiles,
                           [](const std::string& what, const std::string& text) {
                             quantiles_in(what, text);
                             return text;
                           }),
          },
      .idle = {{"huber-delta",
                [](const S& s, const Start&) {
                  return unless(s.loss == "huber", "it is of --loss huber");
                }},
               {"quantiles", [](const S& s, const Start&) {
                  return unless(s.loss == "quantile", "they are of --loss quantile");
                }}}};
}

ForecastShape forecast_shape(const TaskSettings& config) {
  ForecastShape shape;
  shape.is_carried = config.carries_state();
  const std::pair<const char*, bool> of_fresh[] = {{"look-back", config.look_back > 0},
                                                   {"stride", config.stride > 1},
                                                   {"segment", config.segment > 1}};
  if (shape.is_carried && config.bidirectional) {
    throw_input(
        "--bidirectional reads a series from its end, too, and --state carried has not seen it: "
        "give "
        "--state fresh");
  }
  for (const auto& [key, is_asked_for] : of_fresh) {
    if (!shape.is_carried || !is_asked_for) continue;
    throw_input("--{} is of --state fresh: carried, a series is read row by row from its start",
                key);
  }
  if (config.feeds_back() && config.number_loss().parts() != 1) {
    throw_input(
        "--horizon-from feedback feeds back one number, and --loss {} says how sure it is of a row "
        "alone: give --loss squared, absolute or huber, or forecast all rows at once, "
        "--horizon-from "
        "direct",
        config.loss);
  }
  shape.horizon = config.feeds_back() ? 1 : config.horizon;
  shape.stride = config.stride;
  shape.segment = config.segment;
  shape.season = config.season;
  shape.look_back = config.look_back;
  if (shape.look_back == 0) {
    shape.look_back = std::max(4 * config.horizon, 2 * shape.season) + shape.segment - 1;
    shape.look_back -= shape.look_back % shape.segment;
  }
  shape.subtract = config.subtract == "last"     ? Subtract::last
                   : config.subtract == "season" ? Subtract::season
                                                 : Subtract::none;
  shape.is_apart = config.channels == "apart";
  return shape;
}

ForecastShape fed_shape(const TaskSettings& config) {
  ForecastShape shape = forecast_shape(config);
  shape.fed = config.horizon - 1;
  if (!shape.is_carried) return shape;
  shape.is_carried = false;
  shape.is_stepped = true;
  shape.look_back = 1;
  return shape;
}

ForecastShape whole_shape(const TaskSettings& config) {
  ForecastShape shape = fed_shape(config);
  shape.horizon = config.horizon;
  shape.fed = 0;
  shape.subtract = Subtract::none;
  return shape;
}

SettingsGroup<ForecastSettings> forecast_settings() {
  using S = ForecastSettings;
  using enum KeyKind;
  using keys::choice;
  using keys::integer;
  constexpr std::int64_t most_ahead = 100'000;
  return {
      .heading = "forecast",
      .keys =
          {
              integer({"horizon", fixed, "rows ahead that are forecast from each origin"},
                      &S::horizon, 1, most_ahead),
              choice({"horizon-from", fixed,
                      "all rows ahead said at once; or one row ahead is trained, and each forecast "
                      "is fed back for the next row"},
                     &S::horizon_from, {"direct", "feedback"}),
              integer(
                  {"look-back", fixed,
                   "--state fresh: rows up to an origin that are read, in whole segments; 0: four "
                   "horizons or two seasons"},
                  &S::look_back, 0, keys::million),
              integer(
                  {"stride", fixed, "--state fresh: rows between the origins that are trained on"},
                  &S::stride, 1, keys::million),
              integer({"segment", fixed, "--state fresh: rows that are one step of the network"},
                      &S::segment, 1, most_ahead),
              integer({"season", fixed,
                       "rows after which a series repeats itself, 24 of hours, say: of --subtract "
                       "season, of the look-back that nobody gave, and of the figure MASE"},
                      &S::season, 1, keys::million),
              choice({"subtract", fixed,
                      "what a forecast is relative to, and added to: the mean of the train split, "
                      "the last value, which what is read is then relative to as well, or the "
                      "value of the season before"},
                     &S::subtract, {"none", "last", "season"}),
              choice({"channels", fixed,
                      "several targets: said together, or each apart as a series of its own by one "
                      "network"},
                     &S::channels, {"together", "apart"}),
          },
      .complete =
          [](S& s) {
            if (s.look_back % s.segment != 0) {
              throw_input("--look-back {} is no multiple of --segment {}", s.look_back, s.segment);
            }
          },
  };
}

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

SettingsGroup<LetterSettings> letter_settings() {
  using S = LetterSettings;
  using enum KeyKind;
  return {
      .heading = "model",
      .keys =
          {
              keys::integer({"letters-hidden", fixed,
                             "data with --letters: units, each way, of the layer that reads a "
                             "word's letters from both its ends, of the same cell; 0: they are not "
                             "read"},
                            &S::letters_hidden, 0, 65536),
              keys::integer({"letters-embedding", fixed, "and size of a letter's embedding"},
                            &S::letters_embedding, 1, 65536),
          },
      .idle = {{"letters-embedding", [](const S& s, const Start&) {
                  return unless(s.letters_hidden > 0, "--letters-hidden 0 reads no letters");
                }}}};
}

SettingsGroup<TransduceSettings> transduce_settings() {
  using S = TransduceSettings;
  using enum KeyKind;
  using keys::integer;
  constexpr std::int64_t most_layers = 64;
  return {.heading = "transduce",
          .keys =
              {
                  integer({"encoder-layers", fixed, "layers that read; 0: as many as layers"},
                          &S::encoder_layers, 0, most_layers),
                  integer({"decoder-layers", fixed, "layers that say; 0: as many as layers"},
                          &S::decoder_layers, 0, most_layers),
                  keys::choice({"attention", fixed,
                                "how each step that is said weighs the steps that were read"},
                               &S::attention, {"none", "dot", "general", "additive"}),
                  keys::flag({"input-feeding", fixed,
                              "what attention has found at a step is read by the next one"},
                             &S::input_feeding),
                  keys::number({"scheduled-sampling", fixed,
                                "share of the symbols read in training that are those which the "
                                "network itself finds likeliest, not the right ones; it grows from "
                                "0 to this over the run"},
                               &S::scheduled_sampling, {0, 1}),
                  integer({"target-window", fixed,
                           "steps of what is said between two updates; 0: window in the ratio of "
                           "all steps"},
                          &S::target_window, 0, keys::million),
                  integer({"validation-texts", fixed,
                           "sequences that each validation says in full, greedily, the split's "
                           "first ones: their figures are told, and choose the best; 0: the loss "
                           "does"},
                          &S::validation_texts, 0, keys::many),
              },
          .complete = [](S& s) {
            if (s.input_feeding && s.attention == "none") {
              throw_input(
                  "--input-feeding gives a step what attention has found at the one before, and "
                  "with --attention none there is nothing: leave out one of them");
            }
          }};
}

SettingsGroup<TranscribeSettings> transcribe_settings() {
  constexpr std::int64_t most_frames = 1000;
  return {.heading = "transcribe",
          .keys = {keys::integer(
              {"stack-frames", KeyKind::fixed,
               "steps of the data that are put side by side as one step of the network, which says "
               "at most one symbol in it"},
              &TranscribeSettings::stack_frames, 1, most_frames)}};
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
