// What rondo's own network says of made-up steps: the golden vectors of a C file.
#pragma once

#include <vector>

#include "export/c/c_model.hpp"
#include "tasks/answers/given_steps.hpp"

namespace rondo {

struct CGolden {
  std::vector<tasks::GivenStep> steps;
  std::vector<std::vector<float>>
      outputs;  // behind each step; of an answer for all: the last alone
};

// Drawn by a fixed generator: the same for the same model. The kernels are chosen and proven.
CGolden c_golden(const CModel& model);

}  // namespace rondo
