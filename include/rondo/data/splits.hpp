// The splits of a data set.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rondo {

inline constexpr std::array<std::string_view, 3> split_names{"train", "validation", "test"};

// The place in split_names of a name that people give a split; nothing for others.
inline std::optional<std::uint8_t> split_named(std::string_view name) {
  if (name == "dev" || name == "val" || name == "valid") name = "validation";
  for (std::size_t i = 0; i < split_names.size(); ++i) {
    if (name == split_names[i]) return static_cast<std::uint8_t>(i);
  }
  return {};
}

}  // namespace rondo
