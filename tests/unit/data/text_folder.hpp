// A folder of text files that lives as long as a test.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "rondo/core/errors.hpp"

namespace rondo::test {

class TextFolder {
 public:
  TextFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "rondo-data-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw_run("no temporary folder {}", name);
    path_ = name;
  }
  ~TextFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TextFolder(const TextFolder&) = delete;
  TextFolder& operator=(const TextFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

  // Writes a file, its folders too.
  std::filesystem::path write(const std::string& name, std::string_view text) const {
    const std::filesystem::path path = path_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  // The message of the InputError that `work` ends with, without this folder's name; empty: none.
  template <class Work>
  std::string refusal(Work&& work) const {
    try {
      work();
    } catch (const InputError& error) {
      std::string message = error.what();
      const std::string name = path_.string() + "/";
      for (std::size_t at = 0; (at = message.find(name, at)) != std::string::npos;) {
        message.erase(at, name.size());
      }
      return message;
    }
    return "";
  }

 private:
  std::filesystem::path path_;
};

inline std::string contents(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace rondo::test
