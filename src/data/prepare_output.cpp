#include "data/prepare_output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "rondo/core/errors.hpp"

namespace rondo {

namespace fs = std::filesystem;

void check_output(const fs::path& output, const std::vector<TextFile>& files) {
  if (output.empty()) throw_input("no output is named: give --output FILE");
  if (fs::is_directory(output)) {
    throw_input("output {} is a folder: name a file", output.string());
  }
  const fs::path folder = output.has_parent_path() ? output.parent_path() : ".";
  if (!fs::is_directory(folder)) {
    throw_input("output {}: there is no folder {}", output.string(), folder.string());
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw_input("output {}: folder {} cannot be written: {}", output.string(), folder.string(),
                strerror(errno));
  }
  if (!fs::exists(output)) return;
  for (const TextFile& file : files) {
    if (fs::equivalent(file.path, output)) {
      throw_input("output {} is one of the inputs: name another file", output.string());
    }
  }
}

}  // namespace rondo
