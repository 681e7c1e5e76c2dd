// The function of a C file that reads a whole sequence: of networks that need all steps before they
// say anything (a reversed direction, --pool attention).
#pragma once

#include <cstdint>
#include <string>

#include "export/c/c_model.hpp"

namespace rondo {

// Numbers of the caller's memory that it needs for each step.
std::int64_t c_work_floats(const CModel& model);

// @_sequence, and those that it calls. They go through the layers one after another, each over all
// steps.
std::string c_sequence(const CModel& model);

}  // namespace rondo
