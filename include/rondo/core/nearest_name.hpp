// Which known name a user meant by a mistyped one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rondo {

// The known name with the smallest edit distance (insert, delete, replace, swap of neighbours) to
// `name`; the first of equals. Empty if even that one is too far away to be meant: farther than
// max(1, length of `name` / 3).
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

// "a, b or c"
std::string list_names(const std::vector<std::string>& names, const std::string& joint = "or");

}  // namespace rondo
