// The table of keys that can be without effect, a line a key.
#pragma once

#include <vector>

#include "rondo/core/config.hpp"

namespace rondo {

struct Situation {
  const Config& config;  // complete
  bool resumed = false;  // the run goes on from a checkpoint
};

struct IdleRule {
  using Why = const char*;

  const char* key;
  // Why it has no effect; nullptr where it has one, or where its value asks for none ("--dropout
  // 0").
  Why (*why)(const Situation&);
};

// Every key is in it that others can make idle; tests hold it against the key table.
const std::vector<IdleRule>& idle_rules();

}  // namespace rondo
