// The options of `rondo predict`.
#pragma once

#include "apps/options/options.hpp"

namespace rondo::apps {

const CommandLine& predict_command_line();

}  // namespace rondo::apps
