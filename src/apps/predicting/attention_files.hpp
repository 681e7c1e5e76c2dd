// What --attention-output names: JSON lines of all sequences, and a picture of the first ones.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/predicting/answers_file.hpp"

namespace rondo::apps {

class AttentionFiles {
 public:
  // FILE, and FILE.svg for the picture; of "x.svg" the lines are in "x.svg.jsonl". As AnswersFile.
  AttentionFiles(const std::string& output, const std::vector<std::filesystem::path>& inputs);
  // attention_line()s.
  void write(const std::string& lines);
  // After the last one: both files take their names.
  void finish();

 private:
  AnswersFile lines_, picture_;
  std::vector<std::string> first_;
};

}  // namespace rondo::apps
