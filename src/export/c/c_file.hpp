// A trained model as one C99 file without dependencies, whose outputs have the bits of rondo's.
//
// The file has declarations, which a program takes alone by defining NAME_DECLARATIONS before it
// includes the file, and behind them weights and functions: NAME_reset, NAME_step and NAME_output,
// or, where all steps are needed first, NAME_sequence; and what makes answers of outputs. Under
// RONDO_SELF_TEST it has golden vectors and a main.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "rondo/train/saved_model.hpp"

namespace rondo {

enum class CWeights : std::uint8_t { floats, int8 };

struct CFile {
  std::string text;
  std::string
      rounding;  // what its int8 weights save and cost, in a sentence; empty: they are floats
};

// `output` gives the file's names: "runs/book.c" has book_step. `where` names the checkpoint,
// `version` the program. InputError, one sentence, for models that no C file is written of.
CFile c_file(const NamedState& checkpoint, const std::string& where,
             const std::filesystem::path& output, const std::string& version, CWeights weights);

// How each such file begins.
inline constexpr const char* c_file_mark = "/* Written by rondo export";

}  // namespace rondo
