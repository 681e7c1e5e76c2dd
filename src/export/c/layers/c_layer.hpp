// What a C file computes of a step: statements for the body of a function.
#pragma once

#include <string>

#include "export/c/c_model.hpp"

namespace rondo {

// The first layer's input `x`, put together from `input`; with symbols by `row` and `u`.
std::string c_inputs(const CModel& model);
// The declaration of `row`.
std::string c_row(const CModel& model);

// Statements that make `x`, from its number `at` on, of the row of a table for a symbol; by `row`
// and `u`.
std::string c_row_of_table(const CMatrix& table, const std::string& symbol, int at);

// C's names of arrays: what a layer reads, the states that it goes on from and renews, and what is
// fed back to it.
struct CLayerNames {
  std::string below, hidden, cell, fed = {};
};

// A layer's step, for a block of its own: it begins with declarations.
std::string c_layer(const CModel& model, const CLayer& layer, const CLayerNames& names);

// `output` of what the network says; of tied weights by `u` and `k`.
std::string c_head(const CModel& model, const std::string& from);

}  // namespace rondo
