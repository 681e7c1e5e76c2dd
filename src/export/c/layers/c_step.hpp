// The functions of a C file that go through a network, and what they know of its arrays.
#pragma once

#include <string>
#include <vector>

#include "export/c/c_model.hpp"

namespace rondo {

// What reads the last layer: its hidden state, or a copy that is kept of what it becomes.
struct TopKept {
  bool pooled, summed;  // over steps; with its input, by --residual
};
TopKept top_kept(const CModel& model);

// The C type of a state is made of these arrays, in this order.
struct StateArray {
  std::string name;
  int size;
  const CMatrix* initial;  // where it begins; null: at zero
};

std::vector<StateArray> state_arrays(const CModel& model);

// Those of one layer, appended.
void add_state_arrays(const CModel& model, const CLayer& layer, std::size_t number,
                      std::vector<StateArray>& arrays);

// @_reset, @_step and @_output.
std::string c_steps(const CModel& model);

}  // namespace rondo
