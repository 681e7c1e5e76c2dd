// Checkpoint files: a NamedState in one HDF5 image behind a front block.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "rondo/core/named_state.hpp"

namespace rondo {

inline constexpr int checkpoint_format = 1;

class Image;  // HDF5's own memory

// A whole checkpoint file in memory (HDF5's core driver), made once for all files that are to hold
// it.
class CheckpointImage {
 public:
  explicit CheckpointImage(const NamedState& state);
  ~CheckpointImage();
  CheckpointImage(const CheckpointImage&) = delete;
  CheckpointImage& operator=(const CheckpointImage&) = delete;

  // Writes the file under a unique temporary name in the same folder, checks every write, fsync and
  // close, reads it back by a fresh open, renames it to `path` and flushes the folder.
  // `before_rename` runs just before the rename (the lock's token is read again there); if it
  // throws, the temporary file is removed and nothing has changed. RunError names the file and the
  // system's reason; the old file, if any, is then untouched.
  void write(const std::filesystem::path& path,
             const std::function<void()>& before_rename = {}) const;

 private:
  std::string front_;
  std::unique_ptr<const Image> image_;
};

// One file of a state.
void write_checkpoint(const std::filesystem::path& path, const NamedState& state,
                      const std::function<void()>& before_rename = {});

// The state of a good file; InputError for a missing, damaged or foreign one. Sizes are checked
// against the image before anything is allocated.
NamedState read_checkpoint(const std::filesystem::path& path);

// Front block and hash alone: is the file whole? Empty, or the reason why not.
std::string check_checkpoint(const std::filesystem::path& path);

}  // namespace rondo
