#include "rondo/io/digests.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "rondo/core/state_parts.hpp"

namespace rondo {
namespace {

bool is_of_state(std::string_view name) {
  constexpr std::array<std::string_view, 5> groups = {"average/", "counters/", "lanes/",
                                                      "optimizer/", "parameters/"};
  return std::ranges::any_of(groups,
                             [&](std::string_view group) { return name.starts_with(group); });
}

}  // namespace

std::string parameter_digest(const NamedState& state) { return digest(state, "parameters/"); }

std::string state_digest(const NamedState& state, bool counters) {
  Sha256 hash;
  for (const auto& [name, array] : state.arrays()) {
    if (!is_of_state(name) || (!counters && name.starts_with("counters/"))) continue;
    hash_array(hash, name, array);
  }
  return to_hex(hash.finish());
}

void StateDigest::add(const NamedState& part) {
  for (const auto& [name, array] : part.arrays()) {
    if (is_of_state(name)) hash_array(hash_, name, array);
  }
}

std::string StateDigest::finish() { return to_hex(hash_.finish()); }

}  // namespace rondo
