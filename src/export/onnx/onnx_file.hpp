// A trained model as ONNX files.
#pragma once

#include <string>
#include <vector>

#include "rondo/core/named_state.hpp"

namespace rondo {

// The graphs that a model becomes: one without a name, or "encoder" and "decoder". InputError, one
// sentence, for models that none is written of; `where` names the checkpoint.
std::vector<std::string> onnx_parts(const NamedState& checkpoint, const std::string& where);

// A file for each, in that order: a graph that reads sequences or single steps of the columns as a
// table has them and says what `rondo predict` does (export/onnx/sequence.hpp, answers.hpp), or two
// that a search for texts asks (pair.hpp). Properties are the texts of export/about.hpp,
// "initial_states", JSON: what the states begin with that do not begin with 0, and of several
// graphs "part", the name. InputError as above.
std::vector<std::string> onnx_files(const NamedState& checkpoint, const std::string& where,
                                    const std::string& version);

// Whether a file was written by that, and, for people, what such a one reads and says.
bool is_rondos_onnx(const std::string& file);
std::string onnx_names(const std::string& file);

}  // namespace rondo
