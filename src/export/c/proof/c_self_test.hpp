// Golden vectors and a main() for a C file, under RONDO_SELF_TEST.
#pragma once

#include <string>

#include "export/c/c_model.hpp"
#include "export/c/proof/c_golden.hpp"

namespace rondo {

std::string c_self_test(const CModel& model, const CGolden& golden);

}  // namespace rondo
