// What a line of the key table is made of: how a value is parsed, checked and printed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rondo/core/config.hpp"
#include "rondo/core/parse.hpp"

namespace rondo::keys {

// What all lines have in common.
struct About {
  const char* name;
  const char* group;
  KeyKind kind;
  const char* help;
  KeyOwner owner = KeyOwner::run;
};

ConfigKey integer(const About& about, std::int64_t Config::*member, std::int64_t low,
                  std::int64_t high);
ConfigKey seed(const About& about, std::uint64_t Config::*member);
ConfigKey number(const About& about, double Config::*member, const NumberRange& range);
ConfigKey choice(const About& about, std::string Config::*member,
                 const std::vector<std::string>& known);
// A path: any text on one line.
ConfigKey path(const About& about, std::string Config::*member, const char* value_name);
ConfigKey flag(const About& about, bool Config::*member);

}  // namespace rondo::keys
