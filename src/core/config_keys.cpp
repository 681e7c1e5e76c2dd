#include "core/config_keys.hpp"

#include <algorithm>
#include <utility>

#include "rondo/core/errors.hpp"
#include "rondo/core/nearest_name.hpp"

namespace rondo::keys {
namespace {

ConfigKey start(const About& about, const char* value_name) {
  ConfigKey key;
  key.name = about.name;
  key.group = about.group;
  key.value_name = value_name;
  key.help = about.help;
  key.kind = about.kind;
  key.owner = about.owner;
  return key;
}

}  // namespace

ConfigKey integer(const About& about, std::int64_t Config::*member, std::int64_t low,
                  std::int64_t high) {
  ConfigKey key = start(about, "N");
  key.parse = [=, name = key.name](Config& config, const std::string& text) {
    config.*member = parse_integer("--" + name, text, low, high);
  };
  key.print = [=](const Config& config) { return fmt::format("{}", config.*member); };
  return key;
}

ConfigKey seed(const About& about, std::uint64_t Config::*member) {
  ConfigKey key = start(about, "N");
  key.parse = [=, name = key.name](Config& config, const std::string& text) {
    config.*member = parse_seed("--" + name, text);
  };
  key.print = [=](const Config& config) { return fmt::format("{}", config.*member); };
  return key;
}

ConfigKey number(const About& about, double Config::*member, const NumberRange& range) {
  ConfigKey key = start(about, "X");
  key.parse = [=, name = key.name](Config& config, const std::string& text) {
    config.*member = parse_number("--" + name, text, range);
  };
  key.print = [=](const Config& config) { return fmt::format("{}", config.*member); };
  return key;
}

ConfigKey choice(const About& about, std::string Config::*member,
                 const std::vector<std::string>& known) {
  ConfigKey key = start(about, "NAME");
  key.help += ": " + list_names(known);
  key.parse = [=, name = key.name](Config& config, const std::string& text) {
    if (std::find(known.begin(), known.end(), text) == known.end()) {
      throw_input("--{} takes {}, not {}", name, list_names(known), quoted(text));
    }
    config.*member = text;
  };
  key.print = [=](const Config& config) { return config.*member; };
  return key;
}

ConfigKey path(const About& about, std::string Config::*member, const char* value_name) {
  ConfigKey key = start(about, value_name);
  key.parse = [=, name = key.name](Config& config, const std::string& text) {
    if (text.find_first_of(std::string("\n\r\0", 3)) != std::string::npos) {
      throw_input("--{} takes a name without line breaks", name);
    }
    config.*member = text;
  };
  key.print = [=](const Config& config) { return config.*member; };
  return key;
}

ConfigKey flag(const About& about, bool Config::*member) {
  ConfigKey key = start(about, "");
  key.parse = [=, name = key.name](Config& config, const std::string& text) {
    config.*member = parse_flag("--" + name, text);
  };
  key.print = [=](const Config& config) { return config.*member ? "true" : "false"; };
  return key;
}

}  // namespace rondo::keys
