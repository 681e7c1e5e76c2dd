// The declarations and the functions of a C file (export/c/c_file.hpp). In all texts "@" stands for
// what the file's names begin with, "@@" for that in capital letters.
#pragma once

#include <cstdint>
#include <string>

#include "export/c/c_model.hpp"

namespace rondo {

// How much memory it needs, in a phrase of the head of the file.
std::string c_memory_comment(const CModel& model);

// What the outputs are, for the head of the file.
std::string c_answer_comment(const CModel& model);

// Types and prototypes.
std::string c_declarations(const CModel& model);

// Weights and functions.
std::string c_implementation(const CModel& model);

}  // namespace rondo
