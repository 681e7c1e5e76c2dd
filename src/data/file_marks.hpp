// Files that are no text in UTF-8, told by the marks that they begin with.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace rondo {

// What a file is that begins with `bytes` (up to a megabyte of it), and how it becomes text: the
// rest of a sentence that begins with its name, with commands to paste. Empty for what may be text
// in UTF-8. `path` stands in commands.
std::string not_text(std::string_view bytes, const std::filesystem::path& path);

// What to do about a file with bytes that are not UTF-8, of which not_text() knows nothing.
std::string advice_for_bytes(std::string_view bytes, const std::filesystem::path& path);

}  // namespace rondo
