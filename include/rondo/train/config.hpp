// A training run's configuration, typed, composed of the groups of settings that the folders
// declare. Strings end here: apps/options fills it from the command line and --config files, a
// checkpoint carries it as text (config_to_text).
//
// Adding a key: core/settings.hpp. Adding a group is a base of Config here and a line in the list
// of src/train/config/config.cpp.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "rondo/core/settings.hpp"
#include "rondo/optim/settings.hpp"
#include "rondo/tasks/settings.hpp"
#include "rondo/train/settings.hpp"

namespace rondo {

struct Config : FileSettings,
                TaskSettings,
                OptimizationSettings,
                LengthSettings,
                RhythmSettings,
                MachineSettings,
                FaultSettings {};

using ConfigKey = SettingKey<Config>;

// All keys, in the order of --help and of checkpoints.
const std::vector<ConfigKey>& config_keys();
const ConfigKey* find_config_key(const std::string& name);
// The known name nearest to a mistyped one (edit distance); empty if none is near.
std::string nearest_config_key(const std::string& name);

// Fills in what depends on other keys (block, embedding, eval-lanes) and checks what no key can
// check alone: block divides lanes and eval-lanes, exactly one of steps and epochs is given. Throws
// InputError. A complete configuration is left as it is.
void complete(Config& config);

// Whether the run's course depends on its validations: when they come is part of it then.
bool listens_to_validation(const Config& config);

// One sentence for each choice that works but costs more than the user may know: a block below 8
// lanes. `config` is complete.
std::vector<std::string> notices(const Config& config);

// One sentence that lists the given keys which do nothing beside the others' values, each with the
// reason; empty if there is none. `config` is complete; `resumed`: the run goes on from a
// checkpoint.
std::string idle_keys(const Config& config, const std::set<std::string>& given, bool resumed);
// The rules behind it: of each key that others can make idle.
std::vector<IdleRule<Config>> idle_rules();

// One "key = value" a line, every key, in table order.
std::string config_to_text(const Config& config);
// Takes back what config_to_text wrote; keys that are not there keep their defaults. InputError
// names `where` (a file), the line and what is wrong with it.
Config config_from_text(const std::string& text, const std::string& where);

// A key that the user gives another value than the checkpoint has.
struct ConfigDifference {
  std::string key;
  std::string saved;   // as text
  std::string wanted;  // as text
  KeyKind kind = KeyKind::fixed;
};

// The differences in the keys that the user has given (on the command line or in a file), in table
// order. Both configurations are complete.
std::vector<ConfigDifference> compare_configs(const Config& saved, const Config& wanted,
                                              const std::set<std::string>& given);

// Whether the keys that say how gradients become updates differ: what an unchanged configuration
// has led to, another may avoid.
bool changes_updates(const Config& saved, const Config& resumed);

// The configuration of a resumed run: the user's value for given keys, the default of this start
// for keys it owns (KeyOwner::process), the checkpoint's for all others. Giving one of steps and
// epochs replaces the other. InputError for the first fixed key that differs, with both values.
// `saved` is complete, `wanted` as parsed: it need not be; the result is complete.
Config resume_config(const Config& saved, const Config& wanted, const std::set<std::string>& given);

}  // namespace rondo
