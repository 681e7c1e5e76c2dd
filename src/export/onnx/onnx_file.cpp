#include "export/onnx/onnx_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "export/about.hpp"
#include "export/onnx/answers.hpp"
#include "export/onnx/cells.hpp"
#include "export/onnx/forecast_inputs.hpp"
#include "export/onnx/layers.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::string_view tasks[] = {"text",    "classify", "label",
                                      "regress", "forecast", "transcribe"};

// Why no ONNX file is written of a model; empty: one is.
std::string why_not(const SavedModel<float>& saved) {
  if (std::ranges::find(tasks, saved.task.name()) == std::end(tasks)) {
    return fmt::format("it is of the task '{}', and --to onnx is for {}", saved.task.name(),
                       fmt::join(tasks, ", "));
  }
  if (onnx_export::cell_nodes(saved.config.cell) == nullptr) {
    return fmt::format("--to onnx does not write the cell '{}'", saved.config.cell);
  }
  if (reads_letters(saved)) {
    return "--to onnx does not write networks that read the letters of words";
  }
  if (saved.config.pyramid > 1) return "--to onnx does not write --pyramid";
  return onnx_export::is_forecast(saved) ? onnx_export::why_no_forecast(saved) : "";
}

// Whether a graph can go on with a sequence. What needs all steps before it says anything begins
// and ends with them; so does what is relative to a sequence's end.
bool can_carry(const Config& config, bool is_forecast) {
  const bool looks_from_the_end =
      is_forecast && !config.carries_state() && config.subtract == "last";
  return !config.bidirectional && config.pool != "attention" && !looks_from_the_end;
}

}  // namespace

std::string onnx_file(const NamedState& checkpoint, const std::string& where,
                      const std::string& version) {
  if (saved_config(checkpoint, where).precision != "float") {
    throw_input("{}: --to onnx is for --precision float, and it was trained in double", where);
  }
  const SavedModel<float> saved(checkpoint, where);
  if (const std::string why = why_not(saved); !why.empty()) throw_input("{}: {}", where, why);
  onnx_export::Graph graph;
  onnx_export::Sequences sequences(graph, saved,
                                   can_carry(saved.config, onnx_export::is_forecast(saved)));
  const onnx_export::Inputs inputs = onnx_export::add_inputs(sequences);
  const onnx_export::Stack stack = onnx_export::only_stack(saved.config);
  onnx_export::add_answers(sequences, onnx_export::add_layers(sequences, stack, inputs.read),
                           inputs.units);
  std::map<std::string, std::string> about = about_model(saved, checkpoint, version);
  about["initial_states"] = sequences.initial_states();
  return graph.model(about, version);
}

bool is_rondos_onnx(const std::string& file) { return onnx_export::facts_of(file).is_rondos; }

std::string onnx_names(const std::string& file) {
  const onnx_export::ModelFacts facts = onnx_export::facts_of(file);
  return fmt::format("it reads {}, and says {}", fmt::join(facts.inputs, ", "),
                     fmt::join(facts.outputs, ", "));
}

}  // namespace rondo
