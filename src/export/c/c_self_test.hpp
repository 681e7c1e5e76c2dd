// Golden vectors and a main() for a C file, under RONDO_SELF_TEST.
#pragma once

#include <string>

#include "export/c/c_golden.hpp"
#include "export/c/c_model.hpp"

namespace rondo {

std::string c_self_test(const CModel& model, const CGolden& golden);

}  // namespace rondo
