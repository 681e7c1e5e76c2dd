// Pages of the manual (man 7 man-pages, groff's macros), made from what --help is made of.
#pragma once

#include <string>

#include "apps/commands.hpp"

namespace rondo::apps {

// "rondo.1": the commands, the environment, exit codes.
std::string overview_page();

// "rondo-NAME.1".
std::string command_page(const Command& command);

// "NAME.1" of a script beside rondo, from what its own --help prints: a line of how it is called,
// then paragraphs; lines that are indented are an example, or options, each with its help two
// blanks behind it, which goes on in lines that are indented farther.
std::string script_page(const std::string& name, const std::string& summary,
                        const std::string& usage);

}  // namespace rondo::apps
