// What a recurrent layer must know of a cell: its gate slots and its elementwise part.
//
// A layer computes, per time step, pre-activations a_s (one vector of H units per slot s) by chains
// that start at the slot's bias and go over the input x_t, then over the previous hidden state
// h_{t-1}; the cell's elementwise part turns them into h_t (and c_t). A slot may take the input's
// part alone or the recurrent part alone (GRU's candidate). A cell that normalises its gates over
// the units of a lane adds its biases after that: its chains start at +0, and what turns them into
// h_t works on all units of a lane at once. Of a cell that projects, the elementwise part makes m_t
// of H units, and a further product the state h_t = W m_t, which has fewer. Adding a cell: its
// elementwise kernels (kernels/gates/gates.hpp, kernels/normalized/normalized.hpp), a file in
// src/model/cells/, a line in the table of src/model/cells.cpp; gradient checks and digests run
// over the table.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "rondo/kernels/gates/gates.hpp"
#include "rondo/kernels/normalized/normalized.hpp"

namespace rondo {

// A gate that sees its unit's cell state through a weight of its own.
struct Peephole {
  int slot = 0;
  bool current = false;  // c of this step; else that of the step before
};

template <class Real>
struct Cell {
  std::string name;
  int slots = 0;
  // Slot of each gate of the input and of the recurrent weight matrix, in PyTorch's gate order.
  std::vector<int> input_slots;
  std::vector<int> recurrent_slots;
  bool has_cell_state = false;  // carries c beside h
  bool projects = false;        // h is a projection of what the elementwise part makes
  std::vector<Peephole> peepholes;
  // Vectors over a lane's units that are normalised, each with a gain and a bias: the slots, and
  // the cell state behind them where there is one more; 0: a bias a slot, and nothing else.
  int normalized = 0;
  int forget_slot = -1;    // the slot whose bias gets `forget-bias`; -1: none
  int keep_slot = -1;      // the slot whose gate multiplies the old state; -1: none
  int write_slot = -1;     // the slot whose gate multiplies what is new; -1: 1 - the other
  std::string gate_order;  // for readers of checkpoints: "i, f, g, o"
  std::string bias_order;
  std::string peephole_order;
  void (*forward)(const kernels::CellForward<Real>&) = nullptr;
  void (*backward)(const kernels::CellBackward<Real>&) = nullptr;
  // Instead of these, where something is normalised.
  void (*normalized_forward)(const kernels::NormalizedForward<Real>&) = nullptr;
  void (*normalized_backward)(const kernels::NormalizedBackward<Real>&) = nullptr;

  int biases() const { return normalized > 0 ? normalized : slots; }
  bool is_gated() const { return recurrent_slots.size() > 1; }  // more than what makes h alone
};

// InputError for an unknown name.
template <class Real>
const Cell<Real>& find_cell(const std::string& name);
std::vector<std::string> cell_names();
// Those that have a property: "--projection is for cells that project, as lstm-projected does".
std::vector<std::string> cell_names(const std::function<bool(const Cell<float>&)>& having);

// Units that a cell of that name projects its `units` to where nobody chooses: half of them, at
// least 1. 0 for a cell that does not.
std::int64_t usual_projection(const std::string& name, std::int64_t units);

}  // namespace rondo
