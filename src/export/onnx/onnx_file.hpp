// A trained model as an ONNX file.
#pragma once

#include <string>

#include "rondo/core/named_state.hpp"

namespace rondo {

// One graph (export/onnx/sequence.hpp, answers.hpp) that reads sequences or single steps of the
// columns as a table has them and says what `rondo predict` does, with the texts of
// export/about.hpp as its properties, and "initial_states", JSON: what the states begin with that
// do not begin with 0. `where` names the checkpoint. InputError, one sentence, for models that none
// is written of.
std::string onnx_file(const NamedState& checkpoint, const std::string& where,
                      const std::string& version);

// Whether a file was written by that, and, for people, what such a one reads and says.
bool is_rondos_onnx(const std::string& file);
std::string onnx_names(const std::string& file);

}  // namespace rondo
