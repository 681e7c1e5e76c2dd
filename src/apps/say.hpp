// What a command tells its user beside its results.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace rondo::apps {

// A sentence to standard error.
inline void say(const std::string& sentence) { fmt::print(stderr, "rondo: {}\n", sentence); }

// Nothing for an empty one.
inline void say_if_any(const std::string& sentence) {
  if (!sentence.empty()) say(sentence);
}

}  // namespace rondo::apps
