// Checkpoint files: a NamedState in one HDF5 image behind a front block.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "rondo/core/named_state.hpp"

namespace rondo {

inline constexpr int checkpoint_format = 1;

// Builds the whole file in memory (HDF5's core driver), writes it under a unique temporary name in
// the same folder, checks every write, fsync and close, reads it back by a fresh open, renames it
// to `path` and flushes the folder. `before_rename` runs just before the rename (the lock's token
// is read again there); if it throws, the temporary file is removed and nothing has changed.
// RunError names the file and the system's reason; the old file, if any, is then untouched.
void write_checkpoint(const std::filesystem::path& path, const NamedState& state,
                      const std::function<void()>& before_rename = {});

// The state of a good file; InputError for a missing, damaged or foreign one. Sizes are checked
// against the image before anything is allocated.
NamedState read_checkpoint(const std::filesystem::path& path);

// Front block and hash alone: is the file whole? Empty, or the reason why not.
std::string check_checkpoint(const std::filesystem::path& path);

}  // namespace rondo
