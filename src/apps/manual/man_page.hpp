// Pages of the manual (man 7 man-pages, groff's macros), made from what --help is made of.
#pragma once

#include <string>

#include "apps/commands.hpp"

namespace rondo::apps {

// "rondo.1": the commands, the environment, exit codes.
std::string overview_page();

// "rondo-NAME.1".
std::string command_page(const Command& command);

}  // namespace rondo::apps
