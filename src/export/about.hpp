// What a file for another program tells of the model in it.
#pragma once

#include <map>
#include <string>

#include "rondo/core/named_state.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {

// The sha256 of the parameters that a model is evaluated by, as `rondo inspect --digest` has it:
// those of an average of the weights have their own.
template <class Real>
std::string digest_of(const SavedModel<Real>& model);

// Texts by names:
//   "rondo"          the version of the program
//   "task"           "text", "classify", ...
//   "configuration"  JSON: the keys of `rondo train`
//   "columns"        JSON: what is read and said, with all symbols (data/columns_json.hpp)
//   "digest"         see above
//   "data"           the fingerprint of the data that it was trained on
//   "step"           of the run
template <class Real>
std::map<std::string, std::string> about_model(const SavedModel<Real>& model,
                                               const NamedState& checkpoint,
                                               const std::string& version);

}  // namespace rondo
