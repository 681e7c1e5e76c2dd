// What rondo's own network says of made-up steps: the golden vectors of a C file.
#pragma once

#include <vector>

#include "export/c/c_model.hpp"

namespace rondo {

// An input's value at a step: a symbol's number, or numbers as a table has them, NaN where one is
// missing.
struct CValue {
  std::int32_t symbol = 0;
  std::vector<double> numbers;
};

struct CGolden {
  std::vector<std::vector<CValue>> steps;  // [step][input]
  std::vector<std::vector<float>>
      outputs;  // behind each step; of an answer for all: the last alone
};

// Drawn by a fixed generator: the same for the same model. The kernels are chosen and proven.
CGolden c_golden(const CModel& model);

}  // namespace rondo
