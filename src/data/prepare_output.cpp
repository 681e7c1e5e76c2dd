#include "data/prepare_output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "io/file_system.hpp"
#include "io/output_file.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo {

namespace fs = std::filesystem;

void check_output_kind(const fs::path& output) {
  check_output(output, "--output", {"a data set of rondo's", is_dataset});
}

void check_output_place(const fs::path& output, const std::vector<TextFile>& files) {
  if (output.empty()) throw_input("no output is named: give --output FILE");
  const fs::path folder = output.has_parent_path() ? output.parent_path() : ".";
  if (!is_folder(folder)) {
    throw_input("output {}: there is no folder {}", output.string(), folder.string());
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw_input("output {}: folder {} cannot be written: {}", output.string(), folder.string(),
                strerror(errno));
  }
  for (const TextFile& file : files) {
    std::error_code unknown;
    if (fs::equivalent(file.path, output, unknown)) {
      throw_input("output {} is one of the inputs: name another file", output.string());
    }
  }
  check_output_kind(output);
}

}  // namespace rondo
