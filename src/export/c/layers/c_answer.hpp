// The functions of a C file whose network reads a sequence and says another one, symbol by symbol
// (model/decoder/attention.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "export/c/c_model.hpp"
#include "export/c/layers/c_step.hpp"

namespace rondo {

// Of its state the arrays, and the fields behind them, which tell of the caller's memory.
std::vector<StateArray> answer_arrays(const CModel& model);
std::string c_answer_fields(const CModel& model);

// Numbers of the caller's memory that it needs for each step of what is read.
std::int64_t c_answer_work_floats(const CModel& model);
// Of the stack, in what says.
std::int64_t c_answer_stack_floats(const CModel& model);

// @_begin, @_step, @_output and @_answer, and those that they call.
std::string c_answering(const CModel& model);

}  // namespace rondo
