#include "export/c/c_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "export/c/c_answers.hpp"
#include "export/c/c_functions.hpp"
#include "export/c/c_step.hpp"
#include "export/c/c_values.hpp"

namespace rondo {
namespace {

std::string symbols_name(const std::string& of) { return "@_symbols_" + of; }

std::string symbols_array(const std::string& name, const Column& column) {
  std::string text =
      fmt::format("\nconst char *const {}[{}] = {{\n", name, column.vocabulary->size());
  for (int i = 0; i < column.vocabulary->size(); ++i) {
    text += "  " + c_string(column.symbol_name(static_cast<std::size_t>(i))) + ",\n";
  }
  return text + "};\n";
}

// The matrix of each run, an input's weights side by side.
std::string gate_arrays(const CMatrix& matrix, const std::vector<int>& slots, int units) {
  std::string text;
  for (const Run& run : runs_of(slots)) {
    const std::size_t columns = static_cast<std::size_t>(matrix.columns);
    const std::span<const float> rows =
        std::span(matrix.values)
            .subspan(static_cast<std::size_t>(run.first_gate * units) * columns,
                     static_cast<std::size_t>(run.gates * units) * columns);
    text += c_array(run_name(matrix, run), transposed(rows, run.gates * units, matrix.columns));
  }
  return text;
}

std::string vector_array(const CMatrix& vector) {
  return vector.values.empty() ? "" : c_array("@_" + vector.name, vector.values);
}

std::string weights_text(const CModel& model) {
  std::string text;
  for (const CInput& input : model.inputs) text += vector_array(input.table);
  for (const CLayer& layer : model.layers) {
    text += gate_arrays(layer.weights, model.cell->input_slots, layer.units);
    text += gate_arrays(layer.recurrent, model.cell->recurrent_slots, layer.units);
    for (const CMatrix* vector :
         {&layer.bias, &layer.peephole, &layer.initial_hidden, &layer.initial_cell}) {
      text += vector_array(*vector);
    }
    if (layer.projection.values.empty()) continue;
    text += c_array("@_" + layer.projection.name,
                    transposed(layer.projection.values, layer.outputs, layer.units));
  }
  if (!model.is_tied()) {
    text += c_array("@_" + model.output_weights.name,
                    transposed(model.output_weights.values, model.output_weights.rows,
                               model.output_weights.columns));
  }
  return text + vector_array(model.output_bias);
}

}  // namespace

std::int64_t c_state_floats(const CModel& model) {
  std::int64_t floats = 0;
  for (const StateArray& array : state_arrays(model)) floats += array.size;
  return floats;
}

std::int64_t c_stack_floats(const CModel& model) {
  std::int64_t most = 0, sums = 0;
  const Config& config = model.config();
  for (const CLayer& layer : model.layers) {
    std::int64_t own = std::int64_t{model.cell->slots} * layer.units;
    if (model.cell->projects) own += layer.units;
    if (config.zoneout > 0) own += layer.outputs;
    if (config.zoneout_cell > 0) own += layer.units;
    most = std::max(most, own);
    if (top_kept(model).summed) sums += layer.outputs;
  }
  return model.width() + most + sums;
}

std::string c_answer_comment(const CModel& model) { return c_answers(model).comment; }

std::string c_declarations(const CModel& model) {
  std::string text = "\n#ifndef @@_DECLARED\n#define @@_DECLARED\n\n#include <stdint.h>\n\n";
  text += "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  text += fmt::format("#define @@_OUTPUTS {}\n\n", model.outputs());
  text += "/* What is carried from step to step. */\ntypedef struct {\n";
  for (const StateArray& array : state_arrays(model)) {
    text += fmt::format("  float {}[{}];\n", array.name, array.size);
  }
  if (top_kept(model).pooled) text += "  int64_t steps;\n";
  text += "} @_state;\n\n/* What a step reads. */\ntypedef struct {\n";
  for (const CInput& input : model.inputs) {
    text += input.column->is_real()
                ? fmt::format("  double {}[{}];\n", input.name, input.column->width)
                : fmt::format("  int32_t {}; /* 0 to {} */\n", input.name, input.table.rows - 1);
  }
  text += "} @_input;\n\n";
  text += "/* Before the first step of a sequence. */\nvoid @_reset(@_state *state);\n";
  text += "void @_step(@_state *state, const @_input *input);\n";
  text += model.says_steps()
              ? "/* What is said behind the last step: @@_OUTPUTS numbers. */\n"
              : "/* What is said of all steps up to here, at least one: @@_OUTPUTS numbers. */\n";
  text += "void @_output(const @_state *state, float *output);\n";
  text += c_answers(model).declarations;
  for (const CInput& input : model.inputs) {
    if (input.column->is_real()) continue;
    text += fmt::format("extern const char *const {}[{}];\n", symbols_name(input.name),
                        input.table.rows);
  }
  text += "\n#ifdef __cplusplus\n}\n#endif\n#endif /* @@_DECLARED */\n";
  return text + "\n#ifndef @@_DECLARATIONS\n";
}

std::string c_implementation(const CModel& model) {
  const CAnswers answers = c_answers(model);
  std::string functions = c_cell_text(model.cell->name);
  if (model.config().zoneout > 0 || model.config().zoneout_cell > 0) functions += c_zoneout();
  for (const CInput& input : model.inputs) {
    if (!input.column->is_real())
      functions += symbols_array(symbols_name(input.name), *input.column);
  }
  if (answers.symbols != nullptr) functions += symbols_array("@_classes", *answers.symbols);
  functions += "\n/* Parameters, an input's weights of all units side by side. */\n";
  functions += weights_text(model);
  functions += c_steps(model) + answers.functions;
  return std::string("\n#include <float.h>\n#include <math.h>\n#include <string.h>\n") +
         c_preamble() + c_helpers(functions) + functions;
}

}  // namespace rondo
