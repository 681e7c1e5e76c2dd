// A model as a safetensors file that torch.nn can load, and back.
#pragma once

#include <string>

#include "rondo/core/named_state.hpp"
#include "rondo/model/network_plan.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {

// What io/safetensors.hpp writes of a checkpoint's model: the parameters that it is evaluated by,
// named as export/torch/torch_arrays.hpp says, and as texts
//   "format"  "pt", by which PyTorch's own loaders know their files
// and those of export/about.hpp.
// `where` names the checkpoint. InputError if it is none of a model.
NamedState torch_file(const NamedState& checkpoint, const std::string& where,
                      const std::string& version);

// The parameters of such a file, or of anybody's with the same names, as `plan`'s network has them
// in a checkpoint: "parameters/rnn.bias_l0", ...; its texts are kept.
NamedState parameters_of_torch_file(const NamedState& file, const NetworkPlan& plan,
                                    const std::string& cell);

}  // namespace rondo
