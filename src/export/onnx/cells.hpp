// A step of each cell in ONNX's operators, for those that ONNX has no layer of.
#pragma once

#include <string>
#include <vector>

#include "export/matrices.hpp"
#include "export/onnx/graph.hpp"

namespace rondo::onnx_export {

// What a layer has beside its matrices, by rows: peepholes; gains and biases of what is normalised.
struct CellVectors {
  std::vector<Value> peepholes, gains, biases;  // [units] each
};

struct CellStep {
  std::vector<Value> slots;  // sums of the products [batch, units], by the cell's slots
  Value hidden, cell;        // of the step before; a cell state where there is one
};

struct CellStates {
  Value hidden, cell;
};

// Adds the nodes of a step of a cell (model/cell.hpp) to a graph.
using CellNodes = CellStates (*)(Graph& graph, const CellStep& step, const CellVectors& vectors);

// Null for a cell that has none.
CellNodes cell_nodes(const std::string& cell);

}  // namespace rondo::onnx_export
