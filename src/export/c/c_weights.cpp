#include "export/c/c_weights.hpp"

#include <fmt/format.h>

#include <span>

#include "export/c/c_values.hpp"

namespace rondo {
namespace {

// Gates of consecutive slots, whose chains one call makes.
struct Run {
  int first_gate, first_slot, gates;
};

std::vector<Run> runs_of(const std::vector<int>& slots) {
  std::vector<Run> runs;
  for (std::size_t gate = 0; gate < slots.size(); ++gate) {
    if (!runs.empty() && runs.back().first_slot + runs.back().gates == slots[gate]) {
      ++runs.back().gates;
    } else {
      runs.push_back({static_cast<int>(gate), slots[gate], 1});
    }
  }
  return runs;
}

// Some rows of a matrix as one of their own.
CMatrix rows_of(const CMatrix& matrix, const Run& run, int units) {
  CMatrix rows;
  rows.name = matrix.name + (run.first_gate == 0 ? "" : fmt::format("_{}", run.first_gate));
  rows.rows = run.gates * units;
  rows.columns = matrix.columns;
  const auto columns = static_cast<std::size_t>(matrix.columns);
  const auto from = std::span(matrix.values)
                        .subspan(static_cast<std::size_t>(run.first_gate * units) * columns,
                                 static_cast<std::size_t>(rows.rows) * columns);
  rows.values.assign(from.begin(), from.end());
  return rows;
}

std::string rows_array(const CMatrix& matrix) {
  return matrix.is_there() ? c_array("@_" + matrix.name, matrix.values) : "";
}

std::string columns_array(const CMatrix& matrix) {
  if (!matrix.is_there()) return "";
  return c_array("@_" + matrix.name, transposed(matrix.values, matrix.rows, matrix.columns));
}

std::string gate_arrays(const CMatrix& matrix, const std::vector<int>& slots, int units) {
  std::string text;
  for (const Run& run : runs_of(slots)) text += columns_array(rows_of(matrix, run, units));
  return text;
}

}  // namespace

std::string c_weights(const CModel& model) {
  std::string text;
  for (const CInput& input : model.inputs) text += rows_array(input.table);
  for (const CLayer& layer : model.layers) {
    text += gate_arrays(layer.weights, model.cell->input_slots, layer.units);
    text += gate_arrays(layer.recurrent, model.cell->recurrent_slots, layer.units);
    for (const CMatrix* vector :
         {&layer.bias, &layer.peephole, &layer.initial_hidden, &layer.initial_cell}) {
      text += rows_array(*vector);
    }
    text += columns_array(layer.projection);
  }
  return text + columns_array(model.output_weights) + rows_array(model.output_bias);
}

std::string c_chains(const CMatrix& matrix, const std::string& from, const std::string& to) {
  return fmt::format("@_chains(@_{}, {}, {}, {}, {});", matrix.name, from, matrix.columns, to,
                     matrix.rows);
}

std::string c_gate_chains(const CMatrix& matrix, const std::vector<int>& slots, int units,
                          const std::string& from) {
  std::string text;
  for (const Run& run : runs_of(slots)) {
    const std::string to = fmt::format("gates + {}", run.first_slot * units);
    text += "    " + c_chains(rows_of(matrix, run, units), from, to) + "\n";
  }
  return text;
}

}  // namespace rondo
