// The splits of a data set.
#pragma once

#include <array>
#include <string_view>

namespace rondo {

inline constexpr std::array<std::string_view, 3> split_names{"train", "validation", "test"};

}  // namespace rondo
