// Symbols as people are shown them.
#pragma once

#include <string>

namespace rondo::apps {

// What cannot be seen is shown by a mark: a blank, a tab, the end of a line.
inline std::string visible(const std::string& symbol) {
  if (symbol == " ") return "␣";
  if (symbol == "\n") return "↵";
  if (symbol == "\t") return "⇥";
  return symbol;
}

}  // namespace rondo::apps
