// What rondo's own network says of made-up steps: the golden vectors of a C file.
#pragma once

#include <cstdint>
#include <vector>

#include "export/c/c_model.hpp"
#include "tasks/answers/given_steps.hpp"

namespace rondo {

struct CGolden {
  std::vector<tasks::GivenStep> steps;
  std::vector<std::int32_t> said = {};  // of a network that says a sequence: the symbols before
  // Behind each step, or symbol that is said; of an answer for all: the last alone.
  std::vector<std::vector<float>> outputs = {};
};

// One sequence of `times` steps, drawn by a fixed generator: the same for the same seed and
// columns. The kernels are chosen and proven.
CGolden c_said(const CModel& model, std::uint64_t seed, int times);

// Those that a file has.
CGolden c_golden(const CModel& model);

}  // namespace rondo
