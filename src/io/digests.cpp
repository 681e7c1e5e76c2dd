#include "rondo/io/digests.hpp"

#include <array>
#include <string_view>

namespace rondo {

std::string parameter_digest(const NamedState& state) { return digest(state, "parameters/"); }

std::string state_digest(const NamedState& state) {
  constexpr std::array<std::string_view, 5> groups = {"average/", "counters/", "lanes/",
                                                      "optimizer/", "parameters/"};
  NamedState chosen;
  for (const auto& [name, array] : state.arrays()) {
    for (const std::string_view group : groups) {
      if (std::string_view(name).starts_with(group)) chosen.arrays().emplace(name, array);
    }
  }
  return digest(chosen, "");
}

}  // namespace rondo
