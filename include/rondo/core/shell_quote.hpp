// Words of commands that are printed for people to paste into a shell.
#pragma once

#include <string>
#include <string_view>

namespace rondo {

// `word` as a POSIX shell takes it for one word with these very bytes: as it is where nothing in it
// means anything to a shell, else in single quotes.
std::string shell_quoted(std::string_view word);

}  // namespace rondo
