// A network's parameters as torch.nn names them.
//
// rondo's names, gate order and shapes are PyTorch's already, but for one thing: PyTorch has two
// biases a gate, which are added, "rnn.bias_ih_l0" and "rnn.bias_hh_l0", and rondo one chain's
// start, "rnn.bias_l0". Of cells that torch.nn has, rondo's becomes the first, and the second is 0;
// but GRU's candidate has two in rondo, too.
#pragma once

#include "rondo/core/named_state.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/model/cell.hpp"

namespace rondo {

// Whether torch.nn has a cell: the others' parameters keep rondo's names.
bool is_in_torch(const std::string& cell);

// `arrays`: those of a layout of recurrent layers of `cell`, and what else is there, under plain
// names.
NamedState to_torch(const NamedState& arrays, const ParameterLayout& layout,
                    const Cell<float>& cell);

// The way back, for the layers that `layout` has and `arrays` does: each pair of biases that is of
// the right length becomes rondo's one. Equal in bits where one of the two is 0, else their sum.
NamedState from_torch(const NamedState& arrays, const ParameterLayout& layout,
                      const Cell<float>& cell);

}  // namespace rondo
