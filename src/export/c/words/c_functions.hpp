// The parts of a C file that are the same for every model: rondo's arithmetic, in C.
//
// In all texts "@" stands for what the file's names begin with, "@@" for that in capital letters.
#pragma once

#include <string>

namespace rondo {

// Refuses compilers that do not round as C says.
const char* c_preamble();

// The functions that `text` calls, and those that they call: products, exact exponential, logistic
// function and hyperbolic tangent, each operation as in src/kernels/reference/; of doubles
// as in src/core/exact_math.cpp.
std::string c_helpers(const std::string& text);

}  // namespace rondo
