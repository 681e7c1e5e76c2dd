// The functions of a C file that go through a whole sequence, layer by layer, each over all steps:
// of networks that need all steps before they say anything (a reversed direction, --pool
// attention), and of encoders.
#pragma once

#include <cstdint>
#include <string>

#include "export/c/c_model.hpp"

namespace rondo {

// Numbers of the caller's memory that it needs for each step.
std::int64_t c_work_floats(const CModel& model);

// The functions of the layers, and of what the first one reads.
std::string c_layers(const CModel& model);

// Statements from @_input's `steps`, `count` of them, through all layers, with `work`, by `t` and,
// where there are residual connections, `i`: the declarations of `even` and `odd`, the rest, and in
// which of these two parts of the memory is what the last layer says, [step][top()].
struct CPassage {
  std::string declarations, statements, top, other;
};
CPassage c_passage(const CModel& model);

// @_sequence, and those that it calls.
std::string c_sequence(const CModel& model);

}  // namespace rondo
