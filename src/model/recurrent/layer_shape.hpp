// How the arrays of a recurrent layer lie.
#pragma once

#include <cstddef>

#include "rondo/core/panels.hpp"
#include "rondo/model/cell.hpp"

namespace rondo {

// Arrays of a step are [panel][lane][width], of the cell's units, or of the hidden state's, which
// is the layer's output: fewer where the cell projects.
template <class Real>
struct LayerShape {
  LayerShape(const Cell<Real>& cell, const Panels& units, const Panels& outputs, int lanes)
      : cell(cell),
        units(units),
        outputs(outputs),
        lanes(lanes),
        step(step_distance(units.step_size(lanes))),
        output_step(step_distance(outputs.step_size(lanes))) {}

  const Cell<Real>& cell;
  const Panels units, outputs;
  const int lanes;                      // side by side
  const std::size_t step, output_step;  // from one time step to the next
};

// Several vectors of a layer's units, as gates, at all time steps: [t][unit panel][number][lane]
// [width].
template <class Real>
struct VectorSteps {
  Real* data = nullptr;
  std::size_t stride = 0;  // from one time step to the next; 0: one is kept
  Panels units;
  int vectors = 0, lanes = 0;

  static std::size_t distance(const Panels& units, int vectors, int lanes) {
    return step_distance(units.step_size(lanes) * static_cast<std::size_t>(vectors));
  }
  Real* at(int t) const { return data + static_cast<std::size_t>(t) * stride; }
  Real* at(int t, int j, int number) const {
    return at(t) + units.offset(j, number, vectors, lanes);
  }
};

}  // namespace rondo
