// Pictures as files: by a mark in it a command knows one of its own, which it may draw anew.
#pragma once

#include <filesystem>
#include <string>

#include "io/output_file.hpp"

namespace rondo::apps {

// A comment in a picture that `command` draws.
std::string picture_mark(const std::string& command);
// Whether the file is a picture that `command` drew.
bool is_picture_of(const std::filesystem::path& path, const std::string& command);

// Writes a picture to where a user wants it by --svg, whole or not at all. InputError where a file
// that is none of this kind is in the way, or the place cannot be written.
void write_picture(const std::filesystem::path& path, const std::string& text, const OwnKind& kind);

}  // namespace rondo::apps
