// Folders of runs as they are given, some of which may be none, or a sweep of several.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "apps/options/options.hpp"
#include "apps/sweep/sweep_folder.hpp"
#include "apps/words/say.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps::compare {

inline Option runs_option() {
  return {.name = "run",
          .value_name = "RUN",
          .help =
              "folders of runs, or of sweeps of them; one that cannot be read is left out, "
              "with a message",
          .many = true};
}

// What `read` makes of each that can be read; of several the others are named and left out.
// InputError if none can.
template <class Read>
auto read_each(const std::vector<std::string>& given, const Read& read) {
  const std::vector<std::string> folders = with_members(given);
  std::vector<decltype(read(folders.front()))> runs;
  for (const std::string& folder : folders) {
    try {
      runs.push_back(read(folder));
    } catch (const Error& error) {
      if (folders.size() == 1) throw;
      say(fmt::format("{}; it is left out", error.what()));
    }
  }
  if (runs.empty()) throw_input("none of the {} is a run that can be read", folders.size());
  return runs;
}

}  // namespace rondo::apps::compare
