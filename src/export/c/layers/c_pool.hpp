// How a C file makes one vector of those of all steps (src/model/heads/pool.cpp,
// attention_pool.cpp).
#pragma once

#include <string>

#include "export/c/c_model.hpp"

namespace rondo {

// "static void @_pooled(...)".
std::string c_pool(const CModel& model);

}  // namespace rondo
