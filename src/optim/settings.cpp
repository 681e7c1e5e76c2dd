#include "rondo/optim/settings.hpp"

#include <algorithm>

#include "rondo/core/errors.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/optim/schedule.hpp"

namespace rondo {
namespace {

using keys::choice;
using keys::integer;
using keys::many;
using keys::million;
using keys::number;

using S = OptimizationSettings;

// Those of the named things that read `key`: `traits_of` a name lists their settings.
template <class Traits>
std::vector<std::string> readers_of(const char* key, const std::vector<std::string>& names,
                                    const Traits& (*traits_of)(const std::string&)) {
  std::vector<std::string> readers;
  for (const std::string& name : names) {
    const std::vector<std::string>& settings = traits_of(name).settings;
    if (std::find(settings.begin(), settings.end(), key) != settings.end()) readers.push_back(name);
  }
  return readers;
}

// Why `key`, which some of the named things read, does nothing for the one that is chosen:
// "adam, adamw and lamb have it".
template <class Traits>
IdleRule<S> read_by(const char* key, const char* before, const std::vector<std::string>& names,
                    const Traits& (*traits_of)(const std::string&), std::string S::*choice) {
  const std::vector<std::string> readers = readers_of(key, names, traits_of);
  const std::string why = fmt::format("{}{} {} it", before, list_names(readers, "and"),
                                      readers.size() == 1 ? "has" : "have");
  return {key, [=](const S& settings, const Start&) {
            const bool reads =
                std::find(readers.begin(), readers.end(), settings.*choice) != readers.end();
            return unless(reads, why);
          }};
}

IdleRule<S> optimizers(const char* key, const char* before = "") {
  return read_by(key, before, optimizer_names(), optimizer_traits, &S::optimizer);
}
IdleRule<S> schedules(const char* key) {
  return read_by(key, "--schedule ", schedule_names(), schedule_traits, &S::schedule);
}

// The key's line of help, which begins with the optimizers that read it.
std::string optimizers_help(const char* key, const char* what) {
  return fmt::format("{}: {}",
                     list_names(readers_of(key, optimizer_names(), optimizer_traits), "and"), what);
}

std::string weight_decay_help() {
  std::string help = "L2 term added to the gradient";
  for (const std::string& name : optimizer_names()) {
    const std::string own = optimizer_traits(name).weight_decay;
    if (!own.empty()) help += fmt::format("; of {}, {}", name, own);
  }
  return help;
}

void check_average(S& settings) {
  if (settings.average > 0 && optimizer_traits(settings.optimizer).averages_by_validation) {
    throw_input("--average and --optimizer {} both average the weights; give one of them",
                settings.optimizer);
  }
}

}  // namespace

SettingsGroup<S> optimization_settings() {
  using enum KeyKind;
  return {
      .heading = "optimization",
      .keys =
          {
              choice({"optimizer", fixed, "update rule"}, &S::optimizer, optimizer_names()),
              number({"rate", notice, "learning rate"}, &S::rate, {0, 1000, true}),
              choice({"schedule", notice, "how the rate moves after the warm-up"}, &S::schedule,
                     schedule_names()),
              integer({"warmup-steps", notice, "steps over which the rate rises linearly"},
                      &S::warmup_steps, 0, many),
              number({"final-rate", notice, "where the cosine schedule ends"}, &S::final_rate,
                     {0, 1000}),
              number({"decay-factor", notice,
                      "schedules step and plateau: what the rate is multiplied by at each decay"},
                     &S::decay_factor, {0, 1, true}),
              integer({"decay-after", notice, "step schedule: epochs up to the first decay"},
                      &S::decay_after, 1, million),
              integer({"decay-every", notice, "step schedule: epochs between decays"},
                      &S::decay_every, 1, million),
              integer({"decay-patience", notice,
                       "plateau schedule: validations in a row without a new best up to a decay"},
                      &S::decay_patience, 1, million),
              number({"clip-norm", notice, "largest global gradient norm; 0: no clipping"},
                     &S::clip_norm, {0, 1e30}),
              number({"clip-value", notice,
                      "largest size of each gradient, after clip-norm; 0: no clipping"},
                     &S::clip_value, {0, 1e30}),
              number({"weight-decay", fixed, weight_decay_help()}, &S::weight_decay, {0, 1000}),
              number({"average", fixed,
                      "decay of a moving average of the weights, which evaluation and generation "
                      "take in their place; 0: none"},
                     &S::average, {0, 1, false, true}),
              integer({"average-patience", fixed,
                       optimizers_help("average-patience",
                                       "the mean of the weights begins, and takes their place in "
                                       "evaluation, with a validation that is worse than the best "
                                       "of those before the last N")},
                      &S::average_patience, 1, million),
              number({"momentum", fixed, optimizers_help("momentum", "decay of the velocity")},
                     &S::momentum, {0, 1, false, true}),
              number({"smoothing", fixed, optimizers_help("smoothing", "decay of the squares")},
                     &S::smoothing, {0, 1, false, true}),
              number({"beta1", fixed, optimizers_help("beta1", "decay of the first moment")},
                     &S::beta1, {0, 1, false, true}),
              number({"beta2", fixed, optimizers_help("beta2", "decay of the second moment")},
                     &S::beta2, {0, 1, false, true}),
              number({"epsilon", fixed, optimizers_help("epsilon", "added to the denominator")},
                     &S::epsilon, {0, 1, true}),
          },
      .complete = check_average,
      .idle = {schedules("final-rate"), schedules("decay-factor"), schedules("decay-after"),
               schedules("decay-every"), schedules("decay-patience"),
               optimizers("average-patience", "--optimizer "), optimizers("momentum"),
               optimizers("smoothing"), optimizers("beta1"), optimizers("beta2"),
               optimizers("epsilon")}};
}

std::string listening_choice(const S& settings) {
  if (schedule_traits(settings.schedule).decays_by_validation)
    return "--schedule " + settings.schedule;
  if (optimizer_traits(settings.optimizer).averages_by_validation)
    return "--optimizer " + settings.optimizer;
  return {};
}

bool averages_weights(const S& settings) {
  return settings.average > 0 || optimizer_traits(settings.optimizer).averages_by_validation;
}

}  // namespace rondo
