#include "export/c/c_network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "export/c/c_answers.hpp"
#include "export/c/layers/c_cells.hpp"
#include "export/c/layers/c_sequence.hpp"
#include "export/c/layers/c_step.hpp"
#include "export/c/weights/c_weights.hpp"
#include "export/c/words/c_functions.hpp"
#include "export/c/words/c_values.hpp"

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

std::string state_type(const CModel& model) {
  std::string text = "/* What is carried from step to step. */\ntypedef struct {\n";
  for (const StateArray& array : state_arrays(model)) {
    text += fmt::format("  float {}[{}];\n", array.name, array.size);
  }
  if (top_kept(model).pooled) text += "  int64_t steps;\n";
  return text + "} @_state;\n\n";
}

std::string steps_declared(const CModel& model) {
  std::string text = "/* Before the first step of a sequence. */\nvoid @_reset(@_state *state);\n";
  text += "void @_step(@_state *state, const @_input *input);\n";
  text += model.says_steps()
              ? "/* What is said behind the last step: @@_OUTPUTS numbers. */\n"
              : "/* What is said of all steps up to here, at least one: @@_OUTPUTS numbers. */\n";
  return text + "void @_output(const @_state *state, float *output);\n";
}

std::string sequence_declared(const CModel& model) {
  return fmt::format(
      "/* Floats of memory that a sequence of some steps needs. */\n"
      "#define @@_WORK(count) ((size_t)(count) * {})\n\n"
      "/* What is said of {} of a sequence, which has at least one: @@_OUTPUTS numbers{}. */\n"
      "void @_sequence(const @_input *steps, int count, float *work, float *output);\n",
      c_work_floats(model), model.says_steps() ? "the steps" : "all steps together",
      model.says_steps() ? " of each" : "");
}

}  // namespace

std::int64_t c_state_floats(const CModel& model) {
  if (model.reads_whole()) return c_work_floats(model);
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
    if (model.cell->normalized > 0) own += 96;  // of a sum
    if (config.zoneout > 0) own += layer.outputs;
    if (config.zoneout_cell > 0) own += layer.units;
    most = std::max(most, own);
    if (top_kept(model).summed) sums += layer.outputs;
  }
  if (!model.reads_whole()) return model.width() + most + sums;
  return most + std::max(model.layers.back().outputs + model.layers.back().units, 2 * model.top());
}

std::string c_answer_comment(const CModel& model) { return c_answers(model).comment; }

std::string c_declarations(const CModel& model) {
  std::string text = "\n#ifndef @@_DECLARED\n#define @@_DECLARED\n\n";
  if (model.reads_whole()) text += "#include <stddef.h>\n";
  text += "#include <stdint.h>\n\n";
  text += "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  text += fmt::format("#define @@_OUTPUTS {}\n\n", model.outputs());
  if (!model.reads_whole()) text += state_type(model);
  text += "/* What a step reads. */\ntypedef struct {\n";
  for (const CInput& input : model.inputs) {
    text += input.column->is_real()
                ? fmt::format("  double {}[{}];\n", input.name, input.column->width)
                : fmt::format("  int32_t {}; /* 0 to {} */\n", input.name, input.table.rows - 1);
  }
  text += "} @_input;\n\n";
  text += model.reads_whole() ? sequence_declared(model) : steps_declared(model);
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
  functions += c_weights(model);
  functions += (model.reads_whole() ? c_sequence(model) : c_steps(model)) + answers.functions;
  return std::string("\n#include <float.h>\n#include <math.h>\n#include <string.h>\n") +
         c_preamble() + c_helpers(functions) + functions;
}

}  // namespace rondo
