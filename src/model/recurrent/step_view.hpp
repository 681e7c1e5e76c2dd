// One time step of a recurrent layer, as its engine (recurrent_step.hpp) sees it: where everything
// lies that it reads and writes. Arrays are those of all lanes of the step.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rondo/model/stage.hpp"

namespace rondo {

template <class Real>
class TokenProducts;

template <class Real>
struct StepView {
  int t = 0;                             // of the window: tells random numbers, and what is kept
  LaneRange lanes;                       // those to be worked on
  const WindowView* window = nullptr;    // for random numbers
  int next = 0;                          // the step that comes after it, if one does
  bool first = false;                    // no step comes before it in the window
  const std::uint8_t* resets = nullptr;  // [lane]: begins at this step
  const std::uint8_t* resets_next = nullptr;  // at the one that comes after it; null: none does

  // [unit panel][slot][lane][width]. Forward finds the chains over the input there, of all slots
  // that have one, and leaves what the way back needs; backward leaves the gradients of all sums.
  Real* gates = nullptr;
  // Where these chains have been made once a token: those that go on to the hidden state start
  // from there, and are not in `gates`. Else null.
  const TokenProducts<Real>* tokens = nullptr;

  // What it enters with: resets are applied, but to a cell state that lies with `made_cell`.
  const Real* state = nullptr;
  const Real* cell = nullptr;
  // What it makes: the output, and a cell state, which may be the memory of `next_cell`.
  Real* hidden = nullptr;
  Real* made_cell = nullptr;
  // What the next step enters with.
  Real* next_state = nullptr;
  Real* next_cell = nullptr;
};

template <class Real>
struct StepGradients {
  // The finished chain of dh at this step; used up.
  Real* hidden = nullptr;
  // Where the chain at the step before begins, the gradient at its output; used up. Null: nowhere,
  // it is the window's first step, and nobody asks how the state that it enters with came about.
  Real* above = nullptr;
  // Where that chain is left; may be the memory of `hidden` or of `above`.
  Real* next_hidden = nullptr;
  // dc: of this step, then of the one before.
  Real* cell = nullptr;
};

}  // namespace rondo
