#include "apps/predicting/answers_file.hpp"

#include <algorithm>
#include <fstream>
#include <span>
#include <system_error>

#include "io/output_file.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/streams.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

// Whether a file's first line is an answer: a JSON object, or a name, a tab and a probability.
bool holds_answers(const fs::path& path) {
  std::string line;
  std::getline(std::ifstream(path, std::ios::binary), line);
  if (line.starts_with(R"({"answer":)")) return true;
  constexpr std::string_view pattern = "\t0.000000";
  if (line.size() <= pattern.size()) return false;
  const std::string_view end = std::string_view(line).substr(line.size() - pattern.size());
  return std::ranges::equal(end, pattern, [](char own, char wanted) {
    return wanted == '0' ? own >= '0' && own <= '9' : own == wanted;
  });
}

void check_place(const fs::path& path) {
  check_output(path, "--output", {"a file of answers that rondo predict wrote", holds_answers});
}

}  // namespace

AnswersFile::AnswersFile(const std::string& output, const std::vector<fs::path>& inputs)
    : path_(output) {
  if (output == "-") return;
  for (const fs::path& input : inputs) {
    std::error_code unknown;
    if (fs::equivalent(input, path_, unknown)) {
      throw_input("output {} is one of the inputs: name another file", output);
    }
  }
  check_place(path_);
  try {
    file_.emplace(path_);
  } catch (const RunError& error) {  // a place that the user named
    throw InputError(error.what());
  }
}

void AnswersFile::write(std::string_view answers) {
  if (!file_) {
    write_result(answers);
    flush_results();
    return;
  }
  file_->write(written_, std::as_bytes(std::span(answers)));
  written_ += answers.size();
}

void AnswersFile::finish() {
  if (!file_) return;
  file_->flush();
  file_->close();
  check_place(path_);
  file_->rename();
}

}  // namespace rondo::apps
