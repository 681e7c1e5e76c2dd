// The parameters of a C file as its arrays, and the calls that make chains over them.
#pragma once

#include <string>
#include <vector>

#include "export/c/c_model.hpp"

namespace rondo {

// All of them: of matrices an input's weights side by side.
std::string c_weights(const CModel& model);

// In C the weight of a row at a place of the matrix's array, which is `at`.
std::string c_weight(const CMatrix& matrix, const std::string& row, const std::string& at);

// A call that adds a matrix times `from` to what is at `to`.
std::string c_chains(const CMatrix& matrix, const std::string& from, const std::string& to);

// The calls, a line each, that add a matrix of gates times `from` to the gates' slots.
std::string c_gate_chains(const CMatrix& matrix, const std::vector<int>& slots, int units,
                          const std::string& from);

}  // namespace rondo
