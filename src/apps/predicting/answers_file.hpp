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
#include "io/output_file.hpp"

namespace rondo::apps {

// What `rondo predict` has written to --output.
OwnKind answers_kind();

class AnswersFile {
 public:
  // "-": standard output. `option`, `kind`: how the user names it, and what may stand there.
  // InputError for a place that cannot be written, for one of the inputs, and
  // for what is there and is no file of answers.
  AnswersFile(const std::string& output, const std::vector<std::filesystem::path>& inputs,
              std::string option, const OwnKind& kind);

  // RunError where they cannot be written.
  void write(std::string_view answers);
  // After the last answer: the file takes its name.
  void finish();

 private:
  std::filesystem::path path_;
  std::string option_;
  OwnKind kind_;
  std::optional<TemporaryFile> file_;  // none: standard output
  std::uint64_t written_ = 0;
};

}  // namespace rondo::apps
