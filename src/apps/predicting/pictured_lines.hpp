// What an option names beside the answers: JSON lines of all sequences, and a picture of the first
// ones.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/predicting/answers_file.hpp"

namespace rondo::apps {

// What the lines are, and how they are drawn.
struct PicturedKind {
  const char* option;  // "--attention-output"
  OwnKind lines;
  std::string (*draw)(const std::vector<std::string>& lines);
};

// --attention-output: attention_line()s. --alignment-output: alignment_line()s.
const PicturedKind& attention_kind();
const PicturedKind& alignment_kind();

class PicturedLines {
 public:
  // FILE, and FILE.svg for the picture; of "x.svg" the lines are in "x.svg.jsonl". As AnswersFile.
  PicturedLines(const std::string& output, const std::vector<std::filesystem::path>& inputs,
                const PicturedKind& kind);
  void write(const std::string& lines);
  // After the last one: both files take their names.
  void finish();

 private:
  const PicturedKind& kind_;
  AnswersFile lines_, picture_;
  std::vector<std::string> first_;
};

}  // namespace rondo::apps
