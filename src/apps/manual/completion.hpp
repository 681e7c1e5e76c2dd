// What shells complete after `rondo`: commands, their options, files; made from what --help is made
// of.
#pragma once

#include <string>

namespace rondo::apps {

std::string bash_completion();  // to be sourced, as bash-completion does
std::string zsh_completion();   // "_rondo", a file of $fpath

}  // namespace rondo::apps
