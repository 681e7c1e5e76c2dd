// A configuration's text form, and the rule of --resume.
#include <algorithm>
#include <string>
#include <string_view>

#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"
#include "rondo/train/config.hpp"

namespace rondo {

std::string config_to_text(const Config& config) {
  std::string text;
  for (const ConfigKey& key : config_keys()) text += key.name + " = " + key.print(config) + "\n";
  return text;
}

Config config_from_text(const std::string& text, const std::string& where) {
  constexpr std::string_view equals = " = ";
  Config config;
  std::set<std::string> seen;
  int number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    const std::size_t cut = line.find(equals);
    if (cut == std::string::npos) {
      throw_input("{}: line {} of the configuration is not \"key = value\": {}", where, number,
                  rondo::quoted(line));
    }
    const std::string name = line.substr(0, cut);
    const ConfigKey* key = find_config_key(name);
    if (key == nullptr) {
      throw_input("{}: line {} of the configuration has a key that this rondo does not know: {}",
                  where, number, rondo::quoted(name));
    }
    if (!seen.insert(name).second) {
      throw_input("{}: line {} of the configuration gives {} a second time", where, number, name);
    }
    try {
      key->parse(config, line.substr(cut + equals.size()));
    } catch (const InputError& error) {
      throw_input("{}: line {} of the configuration: {}", where, number, error.what());
    }
  }
  return config;
}

std::vector<ConfigDifference> compare_configs(const Config& saved, const Config& wanted,
                                              const std::set<std::string>& given) {
  std::vector<ConfigDifference> differences;
  for (const ConfigKey& key : config_keys()) {
    if (!given.contains(key.name)) continue;
    std::string before = key.print(saved);
    std::string after = key.print(wanted);
    if (before != after) differences.push_back({key.name, before, after, key.kind});
  }
  return differences;
}

bool changes_updates(const Config& saved, const Config& resumed) {
  const auto updates = optimization_settings();
  return std::any_of(updates.keys.begin(), updates.keys.end(),
                     [&](const auto& key) { return key.print(saved) != key.print(resumed); });
}

Config resume_config(const Config& saved, const Config& wanted,
                     const std::set<std::string>& given) {
  Config config = saved;
  for (const ConfigKey& key : config_keys()) {
    if (given.contains(key.name) || key.owner == KeyOwner::process) {
      key.parse(config, key.print(wanted));
    }
  }
  if (given.contains("steps") && !given.contains("epochs")) config.epochs = 0;
  if (given.contains("epochs") && !given.contains("steps")) config.steps = 0;
  complete(config);
  if (listens_to_validation(saved) && config.validate_every != saved.validate_every) {
    throw_input(
        "the run listens to its validations, every {} steps, and cannot be resumed with "
        "validate-every = {}; leave --validate-every out",
        saved.validate_every, config.validate_every);
  }
  for (const ConfigDifference& difference : compare_configs(saved, config, given)) {
    if (difference.kind == KeyKind::fixed) {
      throw_input(
          "the run was started with {} = {} and cannot be resumed with {}; leave --{} out, "
          "or start a new run",
          difference.key, difference.saved, difference.wanted, difference.key);
    }
  }
  return config;
}

}  // namespace rondo
