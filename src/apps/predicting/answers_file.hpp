// Where `rondo predict` writes its answers: a file that is there when all are in it, or standard
// output.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/file_system.hpp"

namespace rondo::apps {

class AnswersFile {
 public:
  // "-": standard output. InputError for a place that cannot be written, for one of the inputs, and
  // for what is there and is no file of answers.
  AnswersFile(const std::string& output, const std::vector<std::filesystem::path>& inputs);

  // RunError where they cannot be written.
  void write(std::string_view answers);
  // After the last answer: the file takes its name.
  void finish();

 private:
  std::filesystem::path path_;
  std::optional<TemporaryFile> file_;  // none: standard output
  std::uint64_t written_ = 0;
};

}  // namespace rondo::apps
