#include "export/c/weights/c_weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "export/c/words/c_values.hpp"

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
  const auto part = [&](const std::vector<float>& values, int width) {
    const auto gate = static_cast<std::size_t>(units) * static_cast<std::size_t>(width);
    const auto own = std::span(values).subspan(static_cast<std::size_t>(run.first_gate) * gate,
                                               static_cast<std::size_t>(run.gates) * gate);
    return std::vector<float>(own.begin(), own.end());
  };
  rows.values = part(matrix.values, matrix.columns);
  if (!matrix.scales.empty()) rows.scales = part(matrix.scales, 1);
  return rows;
}

enum class Order { rows, columns };

// The numbers of weights that are scale times number.
std::vector<float> numbers_of(const CMatrix& matrix) {
  std::vector<float> numbers = matrix.values;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const float scale = matrix.scales[i / static_cast<std::size_t>(matrix.columns)];
    numbers[i] = static_cast<float>(int8_number(numbers[i], scale));
  }
  return numbers;
}

std::string array_of(const CMatrix& matrix, Order order) {
  if (!matrix.is_there()) return "";
  const auto ordered = [&](std::vector<float> values) {
    return order == Order::rows ? values : transposed(values, matrix.rows, matrix.columns);
  };
  const std::string name = "@_" + matrix.name;
  if (matrix.scales.empty()) return c_array(name, ordered(matrix.values));
  return c_int8_array(name, ordered(numbers_of(matrix))) + c_array(name + "_scale", matrix.scales);
}

std::string gate_arrays(const CMatrix& matrix, const std::vector<int>& slots, int units) {
  std::string text;
  for (const Run& run : runs_of(slots))
    text += array_of(rows_of(matrix, run, units), Order::columns);
  return text;
}

std::string layer_arrays(const CModel& model, const CLayer& layer) {
  std::string text;
  text += gate_arrays(layer.weights, model.cell->input_slots, layer.units);
  text += gate_arrays(layer.feeding, model.cell->input_slots, layer.units);
  text += gate_arrays(layer.recurrent, model.cell->recurrent_slots, layer.units);
  for (const CMatrix* vector :
       {&layer.bias, &layer.gain, &layer.peephole, &layer.initial_hidden, &layer.initial_cell}) {
    text += array_of(*vector, Order::rows);
  }
  return text + array_of(layer.projection, Order::columns);
}

// But a table that an input has, too.
std::string decoder_arrays(const CModel& model) {
  const CDecoder& decoder = *model.decoder;
  std::string text;
  if (std::ranges::find(model.inputs, decoder.table.name, [](const CInput& input) {
        return input.table.name;
      }) == model.inputs.end()) {
    text += array_of(decoder.table, Order::rows);
  }
  for (const CDecoderLayer& layer : decoder.layers) {
    for (const CBridge* bridge : {&layer.hidden, &layer.cell}) {
      text += array_of(bridge->weights, Order::columns) + array_of(bridge->bias, Order::rows);
    }
    text += layer_arrays(model, layer);
  }
  for (const CMatrix* matrix :
       {&decoder.key_weights, &decoder.query, &decoder.context_weights, &decoder.hidden_weights}) {
    text += array_of(*matrix, Order::columns);
  }
  return text + array_of(decoder.key_bias, Order::rows) + array_of(decoder.score, Order::rows);
}

}  // namespace

std::string c_weights(const CModel& model) {
  std::string text;
  for (const CInput& input : model.inputs) text += array_of(input.table, Order::rows);
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    text += layer_arrays(model, model.layers[i]);
    if (!model.reversed.empty()) text += layer_arrays(model, model.reversed[i]);
  }
  if (model.decoder) text += decoder_arrays(model);
  text += array_of(model.pool_weights, Order::columns) + array_of(model.pool_bias, Order::rows) +
          array_of(model.pool_score, Order::columns);
  return text + array_of(model.output_weights, Order::columns) +
         array_of(model.output_bias, Order::rows);
}

std::string c_weight(const CMatrix& matrix, const std::string& row, const std::string& at) {
  return matrix.scales.empty() ? at
                               : fmt::format("@_{}_scale[{}] * (float){}", matrix.name, row, at);
}

std::string c_chains(const CMatrix& matrix, const std::string& from, const std::string& to) {
  const std::string weights = matrix.scales.empty()
                                  ? fmt::format("@_chains(@_{}", matrix.name)
                                  : fmt::format("@_scaled_chains(@_{0}, @_{0}_scale", matrix.name);
  return fmt::format("{}, {}, {}, {}, {});", weights, from, matrix.columns, to, matrix.rows);
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
