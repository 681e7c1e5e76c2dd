// What a C file makes of its outputs: probabilities of classes and labels, numbers in the table's
// units; the same bits as `rondo predict --json` writes.
#pragma once

#include <string>

#include "export/c/c_model.hpp"

namespace rondo {

struct CAnswers {
  std::string comment;  // what the outputs are, in a sentence
  std::string declarations, functions;
  const Column* symbols = nullptr;  // whose names stand in an array
  const char* names = "@_classes";  // that array
};

CAnswers c_answers(const CModel& model);

}  // namespace rondo
