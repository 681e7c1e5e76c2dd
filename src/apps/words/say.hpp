// What a command tells its user: its results, and what it has to say beside them.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "rondo/core/streams.hpp"

namespace rondo::apps {

// A sentence to standard error; it is lost where that cannot be written, and the work goes on.
inline void say(const std::string& sentence) { write_message("rondo: " + sentence); }

// A result, or a part of one, to standard output; RunError where that cannot be written.
template <class... Values>
void print_result(fmt::format_string<Values...> text, Values&&... values) {
  write_result(fmt::format(text, std::forward<Values>(values)...));
}

// Nothing for an empty one.
inline void say_if_any(const std::string& sentence) {
  if (!sentence.empty()) say(sentence);
}

// Of files that were not read because they are hidden.
inline void say_left_out(const std::vector<std::filesystem::path>& files) {
  if (files.empty()) return;
  const std::string first = files.front().string();
  say(files.size() == 1
          ? fmt::format("{} is hidden and was left out", first)
          : fmt::format("{} hidden files and folders were left out, as {}", files.size(), first));
}

}  // namespace rondo::apps
