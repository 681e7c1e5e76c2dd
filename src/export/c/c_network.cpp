#include "export/c/c_network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "export/c/c_answers.hpp"
#include "export/c/layers/c_answer.hpp"
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
  for (const StateArray& array : model.decoder ? answer_arrays(model) : state_arrays(model)) {
    text += fmt::format("  float {}[{}];\n", array.name, array.size);
  }
  if (model.decoder) text += c_answer_fields(model);
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

std::string work_declared(std::int64_t floats) {
  return fmt::format(
      "/* Floats of memory that a sequence of some steps needs. */\n"
      "#define @@_WORK(count) ((size_t)(count) * {})\n\n",
      floats);
}

std::string sequence_declared(const CModel& model) {
  return work_declared(c_work_floats(model)) +
         fmt::format(
             "/* What is said of {} of a sequence, which has at least one: @@_OUTPUTS numbers{}. "
             "*/\n"
             "void @_sequence(const @_input *steps, int count, float *work, float *output);\n",
             model.says_steps() ? "the steps" : "all steps together",
             model.says_steps() ? " of each" : "");
}

std::string answers_declared(const CModel& model) {
  return work_declared(c_answer_work_floats(model)) +
         fmt::format(
             "/* The symbol that ends what is said, and is read before the first. */\n"
             "#define @@_END {}\n\n",
             model.decoder->end) +
         "/* What is said of a sequence of at least one step: the likeliest symbol after another, "
         "at\n"
         "   most so many, without the end. Returns how many. */\n"
         "int @_answer(const @_input *steps, int count, float *work, int32_t *symbols, int "
         "most);\n\n"
         "/* The same step by step. Reads a sequence; `work` stays the state's, and that of all "
         "copies\n"
         "   of it. */\n"
         "void @_begin(@_state *state, const @_input *steps, int count, float *work);\n"
         "/* A symbol is said; at first @@_END. */\n"
         "void @_step(@_state *state, int32_t symbol);\n"
         "/* What may come behind it: @@_OUTPUTS numbers. */\n"
         "void @_output(const @_state *state, float *output);\n";
}

std::string functions_declared(const CModel& model) {
  switch (model.use()) {
    case CUse::steps:
      return steps_declared(model);
    case CUse::sequence:
      return sequence_declared(model);
    case CUse::answers:
      return answers_declared(model);
  }
  return {};
}

std::string functions_text(const CModel& model) {
  switch (model.use()) {
    case CUse::steps:
      return c_steps(model);
    case CUse::sequence:
      return c_sequence(model);
    case CUse::answers:
      return c_answering(model);
  }
  return {};
}

std::int64_t floats_of(const std::vector<StateArray>& arrays) {
  std::int64_t floats = 0;
  for (const StateArray& array : arrays) floats += array.size;
  return floats;
}

// What a layer's step needs on the stack.
std::int64_t layer_floats(const CModel& model, const CLayer& layer) {
  const Config& config = model.config();
  std::int64_t own = std::int64_t{model.cell->slots} * layer.units;
  if (model.cell->projects) own += layer.units;
  if (model.cell->normalized > 0) own += 96;  // of a sum
  if (config.zoneout > 0) own += layer.outputs;
  if (config.zoneout_cell > 0) own += layer.units;
  return own;
}

std::int64_t stack_floats(const CModel& model) {
  std::int64_t most = 0, sums = 0;
  for (const CLayer& layer : model.layers) {
    most = std::max(most, layer_floats(model, layer));
    if (top_kept(model).summed) sums += layer.outputs;
  }
  if (model.use() == CUse::steps) return model.width() + most + sums;
  const CLayer& last = model.layers.back();
  const std::int64_t reading = most + std::max(last.outputs + last.units, 2 * model.top());
  if (!model.decoder) return reading;
  std::int64_t saying = 0;
  for (const CDecoderLayer& layer : model.decoder->layers) {
    saying = std::max(saying, layer_floats(model, layer));
  }
  return std::max(reading, saying + c_answer_stack_floats(model)) + model.outputs() +
         floats_of(answer_arrays(model));
}

}  // namespace

std::string c_memory_comment(const CModel& model) {
  const auto bytes = [](std::int64_t floats) { return 4 * floats; };
  std::string held;
  switch (model.use()) {
    case CUse::steps:
      held = fmt::format("{} bytes of state", bytes(floats_of(state_arrays(model))));
      break;
    case CUse::sequence:
      held = fmt::format("{} bytes of work a step", bytes(c_work_floats(model)));
      break;
    case CUse::answers:
      held =
          fmt::format("{} bytes of work a step that is read", bytes(c_answer_work_floats(model)));
      break;
  }
  return fmt::format("{}, about {} bytes of stack", held, bytes(stack_floats(model)));
}

std::string c_answer_comment(const CModel& model) { return c_answers(model).comment; }

std::string c_declarations(const CModel& model) {
  std::string text = "\n#ifndef @@_DECLARED\n#define @@_DECLARED\n\n";
  if (model.use() != CUse::steps) text += "#include <stddef.h>\n";
  text += "#include <stdint.h>\n\n";
  text += "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  text += fmt::format("#define @@_OUTPUTS {}\n\n", model.outputs());
  if (model.use() != CUse::sequence) text += state_type(model);
  text += "/* What a step reads. */\ntypedef struct {\n";
  for (const CInput& input : model.inputs) {
    text += input.column->is_real()
                ? fmt::format("  double {}[{}];\n", input.name, input.column->width)
                : fmt::format("  int32_t {}; /* 0 to {} */\n", input.name, input.table.rows - 1);
  }
  text += "} @_input;\n\n";
  text += functions_declared(model);
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
  if (answers.symbols != nullptr) functions += symbols_array(answers.names, *answers.symbols);
  functions += "\n/* Parameters, an input's weights of all units side by side. */\n";
  functions += c_weights(model);
  functions += functions_text(model) + answers.functions;
  return std::string("\n#include <float.h>\n#include <math.h>\n#include <string.h>\n") +
         c_preamble() + c_helpers(functions) + functions;
}

}  // namespace rondo
