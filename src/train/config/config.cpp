#include "rondo/train/config.hpp"

#include <algorithm>

#include "rondo/core/errors.hpp"
#include "rondo/core/nearest_name.hpp"
#include "rondo/optim/optimizer.hpp"

namespace rondo {
namespace {

// A window is gone through piece by piece only where no step waits for what comes later.
void check_recompute(const Config& config) {
  if (config.recompute == 0) return;
  if (config.bidirectional) {
    throw_input(
        "--recompute goes through a window piece by piece, and with --bidirectional each of its "
        "steps waits for the last one: leave out one of them");
  }
  if (config.pool != "last") {
    throw_input(
        "--recompute goes through a window piece by piece, and --pool {} is made of all of a "
        "sequence's steps: give --pool last, or leave out --recompute",
        config.pool);
  }
  if (config.temporal_penalty > 0) {
    throw_input(
        "--recompute goes through a window piece by piece, and --temporal-penalty joins each step "
        "to the next: leave out one of them");
  }
}

// Vectors that nothing has made, nothing should keep as they are.
void check_frozen(const Config& config) {
  if (!config.frozen_vectors || !config.vectors.empty() || !config.init_from.empty()) return;
  throw_input(
      "--frozen-vectors keeps the embedding of words as --vectors FILE or --init-from FILE gave "
      "it: "
      "give one of them");
}

// What settings of several groups mean together.
SettingsGroup<Config> rules_between_groups() {
  return {.complete =
              [](Config& config) {
                if (config.carries_state() && config.pool != "last") {
                  throw_input(
                      "--pool {} is made of all of a sequence's steps, and --state carried leaves "
                      "the earlier ones to windows before: give --pool last, or --state fresh",
                      config.pool);
                }
                if (config.carries_state() && config.bidirectional) {
                  throw_input(
                      "--bidirectional reads a sequence from its end, too, and --state carried "
                      "leaves its end to windows to come: leave out one of them");
                }
                check_recompute(config);
                check_frozen(config);
                if (config.validate_every > 0 || !listens_to_validation(config)) return;
                throw_input("{} listens to validation: give --validate-every N",
                            config.patience > 0 ? "--patience" : listening_choice(config));
              },
          .idle = {{"resume",
                    [](const Config& config, const Start&) {
                      return unless(!config.dry_run, "a dry run is of a new run");
                    }},
                   {"temporal-penalty", [](const Config& config, const Start&) {
                      return unless(
                          config.temporal_penalty == 0 || config.window > 1 || config.window_varies,
                          "a window of one step has no changes");
                    }}}};
}

// The groups, in the order of --help, of checkpoints, and of what is checked.
const std::vector<SettingsGroup<Config>>& groups() {
  // A line a group.
  // clang-format off
  static const std::vector<SettingsGroup<Config>> list = {
      file_settings().of<Config>(),
      network_settings().of<Config>(),
      letter_settings().of<Config>(),
      classify_settings().of<Config>(),
      number_settings().of<Config>(),
      forecast_settings().of<Config>(),
      transduce_settings().of<Config>(),
      transcribe_settings().of<Config>(),
      augmentation_settings().of<Config>(),
      first_value_settings().of<Config>(),
      batch_settings().of<Config>(),
      fold_settings().of<Config>(),
      sequence_settings().of<Config>(),
      rules_between_groups(),
      optimization_settings().of<Config>(),
      length_settings().of<Config>(),
      seed_settings().of<Config>(),
      rhythm_settings().of<Config>(),
      machine_settings().of<Config>(),
      fault_settings().of<Config>(),
  };
  // clang-format on
  return list;
}

std::string why_weights_are_given(const Config& config, bool resumed) {
  if (resumed) return "the weights are the checkpoint's";
  return unless(config.init_from.empty(), "the weights are those of --init-from");
}

}  // namespace

const std::vector<ConfigKey>& config_keys() {
  static const std::vector<ConfigKey> table = [] {
    std::vector<ConfigKey> all;
    for (const SettingsGroup<Config>& group : groups()) {
      all.insert(all.end(), group.keys.begin(), group.keys.end());
    }
    return all;
  }();
  return table;
}

const ConfigKey* find_config_key(const std::string& name) {
  for (const ConfigKey& key : config_keys()) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

std::string nearest_config_key(const std::string& name) {
  std::vector<std::string> names;
  for (const ConfigKey& key : config_keys()) names.push_back(key.name);
  return nearest_name(name, names);
}

void complete(Config& config) {
  for (const SettingsGroup<Config>& group : groups()) {
    if (group.complete) group.complete(config);
  }
}

bool listens_to_validation(const Config& config) {
  return config.patience > 0 || !listening_choice(config).empty();
}

std::vector<std::string> notices(const Config& config) {
  std::vector<std::string> sentences;
  for (const SettingsGroup<Config>& group : groups()) {
    if (!group.notices) continue;
    for (std::string& sentence : group.notices(config)) sentences.push_back(std::move(sentence));
  }
  const bool is_added = optimizer_traits(config.optimizer).weight_decay.empty();
  if (config.loss == "quantile" && config.weight_decay > 0 && is_added) {
    sentences.push_back(
        fmt::format("--weight-decay {} is added to the gradients, and those of --loss quantile are "
                    "small beside "
                    "it: --optimizer adamw takes it from the weights instead",
                    config.weight_decay));
  }
  return sentences;
}

std::vector<IdleRule<Config>> idle_rules() {
  std::vector<IdleRule<Config>> all;
  for (const SettingsGroup<Config>& group : groups()) {
    all.insert(all.end(), group.idle.begin(), group.idle.end());
  }
  return all;
}

std::string idle_keys(const Config& config, const std::set<std::string>& given, bool resumed) {
  const Start start{resumed, why_weights_are_given(config, resumed)};
  const std::vector<IdleRule<Config>> rules = idle_rules();
  std::vector<IdleName> idle;
  for (const ConfigKey& key : config_keys()) {
    if (!given.contains(key.name)) continue;
    for (const IdleRule<Config>& rule : rules) {
      if (rule.key != key.name) continue;
      if (const std::string why = rule.why(config, start); !why.empty()) {
        idle.push_back({rule.key, why});
      }
    }
  }
  return idle_sentence(idle);
}

}  // namespace rondo
