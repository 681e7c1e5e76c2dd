// Files in the safetensors format: named arrays behind a JSON header, with texts about them.
//
// Eight bytes of length (little-endian), a JSON object of that length, the arrays' bytes end to
// end, row-major and little-endian. The object has for each array its type ("F32"), shape and where
// its bytes begin and end, and under "__metadata__" the texts. What is written is canonical, the
// same bytes for the same state: texts first, then arrays, each in bytewise order of names, nothing
// between them, and blanks behind the object up to a multiple of eight bytes.
#pragma once

#include <filesystem>
#include <string>

#include "rondo/core/named_state.hpp"

namespace rondo {

// The whole file.
std::string safetensors_bytes(const NamedState& state);

// Whether a path leads to a file that begins as one.
bool is_safetensors(const std::filesystem::path& path);

// Arrays and texts of a file, anybody's. InputError for a damaged one, and for types that rondo has
// not (half precision). Sizes are checked against the file's before memory is asked for.
NamedState read_safetensors(const std::filesystem::path& path);

}  // namespace rondo
