// The parts of a C file that are the same for every model: rondo's arithmetic, in C.
//
// In all texts "@" stands for what the file's names begin with, "@@" for that in capital letters.
#pragma once

#include <string>

namespace rondo {

// Refuses compilers that do not round as C says; products, exact exponential, logistic function and
// hyperbolic tangent, each operation as in src/kernels/reference/math.hpp.
const char* c_arithmetic();

// The functions of doubles that make answers of outputs, as in src/core/exact_math.cpp.
const char* c_double_functions();

// The elementwise part of a cell: "static void @_cell(...)". Empty for a cell that has none in C.
std::string c_cell_text(const std::string& cell);

// Arguments of @_cell behind the first ones: whether there are peepholes.
bool c_cell_has_peepholes(const std::string& cell);

// What --zoneout makes of a state at each step.
const char* c_zoneout();

}  // namespace rondo
