// The cells of a C file: what a layer's sums become. "@" is as in export/c/c_functions.hpp.
#pragma once

#include <string>

namespace rondo {

// What of a cell stands behind its products: "static void @_cell(...)". Empty for a cell that has
// none in C.
std::string c_cell_text(const std::string& cell);

// What --zoneout makes of a state at each step.
const char* c_zoneout();

}  // namespace rondo
