#include "export/onnx/onnx_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "export/about.hpp"
#include "export/onnx/answers.hpp"
#include "export/onnx/cells.hpp"
#include "export/onnx/forecast_inputs.hpp"
#include "export/onnx/layers.hpp"
#include "export/onnx/pair.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using onnx_export::Sequences;

// Whether a graph can go on with a sequence. What needs all steps before it says anything begins
// and ends with them; so does what is relative to a sequence's end.
bool can_carry(const SavedModel<float>& saved) {
  const Config& config = saved.config;
  const bool looks_from_the_end =
      onnx_export::is_forecast(saved) && !config.carries_state() && config.subtract == "last";
  return !config.bidirectional && config.pool != "attention" && !looks_from_the_end;
}

bool reads_whole(const SavedModel<float>& /*saved*/) { return false; }
bool says_a_step(const SavedModel<float>& /*saved*/) { return true; }

void add_network(Sequences& sequences) {
  const onnx_export::Inputs inputs = onnx_export::add_inputs(sequences);
  const onnx_export::Stack stack = onnx_export::only_stack(sequences.saved().config);
  onnx_export::add_answers(sequences, onnx_export::add_layers(sequences, stack, inputs.read),
                           inputs.units);
}

// A graph: its name among several, whether its states are carried, and what is in it.
struct Part {
  const char* name;
  bool (*carries)(const SavedModel<float>& saved);
  void (*add)(Sequences& sequences);
};
constexpr Part network[] = {{"", can_carry, add_network}};
constexpr Part pair[] = {{"encoder", reads_whole, onnx_export::add_encoder},
                         {"decoder", says_a_step, onnx_export::add_decoder}};

// The table: one line a task.
struct Row {
  std::string_view task;
  std::span<const Part> parts;
};
constexpr Row rows[] = {{"text", network},    {"classify", network}, {"label", network},
                        {"regress", network}, {"forecast", network}, {"transcribe", network},
                        {"transduce", pair},  {"caption", pair}};

std::span<const Part> parts_of(const Task& task, const std::string& where) {
  const auto* const found = std::ranges::find(rows, std::string_view(task.name()), &Row::task);
  if (found != std::end(rows)) return found->parts;
  std::vector<std::string_view> names;
  for (const Row& row : rows) names.push_back(row.task);
  throw_input("{}: it is of the task '{}', and --to onnx is for {}", where, task.name(),
              fmt::join(names, ", "));
}

// Why no ONNX file is written of a model of such a task; empty: one is.
std::string why_not(const SavedModel<float>& saved) {
  if (onnx_export::cell_nodes(saved.config.cell) == nullptr) {
    return fmt::format("--to onnx does not write the cell '{}'", saved.config.cell);
  }
  if (reads_letters(saved)) {
    return "--to onnx does not write networks that read the letters of words";
  }
  if (saved.config.pyramid > 1) return "--to onnx does not write --pyramid";
  return onnx_export::is_forecast(saved) ? onnx_export::why_no_forecast(saved) : "";
}

}  // namespace

std::vector<std::string> onnx_parts(const NamedState& checkpoint, const std::string& where) {
  std::vector<std::string> names;
  for (const Part& part : parts_of(task_of(checkpoint, where), where)) names.push_back(part.name);
  return names;
}

std::vector<std::string> onnx_files(const NamedState& checkpoint, const std::string& where,
                                    const std::string& version) {
  if (saved_config(checkpoint, where).precision != "float") {
    throw_input("{}: --to onnx is for --precision float, and it was trained in double", where);
  }
  const SavedModel<float> saved(checkpoint, where);
  if (const std::string why = why_not(saved); !why.empty()) throw_input("{}: {}", where, why);
  std::map<std::string, std::string> about = about_model(saved, checkpoint, version);
  std::vector<std::string> files;
  for (const Part& part : parts_of(saved.task, where)) {
    onnx_export::Graph graph;
    Sequences sequences(graph, saved, part.carries(saved));
    part.add(sequences);
    about["initial_states"] = sequences.initial_states();
    if (*part.name != 0) about["part"] = part.name;
    files.push_back(graph.model(about, version));
  }
  return files;
}

bool is_rondos_onnx(const std::string& file) { return onnx_export::facts_of(file).is_rondos; }

std::string onnx_names(const std::string& file) {
  const onnx_export::ModelFacts facts = onnx_export::facts_of(file);
  const auto part = facts.about.find("part");
  return fmt::format("{} reads {}, and says {}",
                     part == facts.about.end() ? "it" : "the " + part->second,
                     fmt::join(facts.inputs, ", "), fmt::join(facts.outputs, ", "));
}

}  // namespace rondo
