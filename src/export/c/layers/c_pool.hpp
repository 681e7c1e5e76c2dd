// How a C file makes one vector of those of all steps (src/model/heads/pool.cpp,
// attention_pool.cpp).
#pragma once

#include <string>

#include "export/c/c_model.hpp"

namespace rondo {

// "static void @_pooled(...)".
std::string c_pool(const CModel& model);

// Statements that put at `to` what each direction says last of `count` steps.
std::string c_ends(const CModel& model, const std::string& steps, const std::string& to);

}  // namespace rondo
