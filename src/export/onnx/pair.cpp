#include "export/onnx/pair.hpp"

#include <fmt/format.h>

#include "export/onnx/answers.hpp"
#include "export/onnx/inputs.hpp"
#include "export/onnx/layers.hpp"
#include "export/onnx/memory.hpp"
#include "export/onnx/pool.hpp"

namespace rondo::onnx_export {
namespace {

bool has_attention(const Config& config) { return config.attention != "none"; }

// tanh(W x + b) of what each direction says last, for each state of each layer.
void add_bridge(Sequences& sequences, const Value& top) {
  Graph& graph = sequences.graph();
  const SavedModel<float>& saved = sequences.saved();
  const Value ends = add_ends(sequences, top);
  for (std::int64_t i = 0; i < saved.config.saying_layers(); ++i) {
    for (const char* const state : {"hidden", "cell"}) {
      const std::string name = fmt::format("bridge.{}_l{}", state, i);
      const Matrix weights = parameter(saved, name + ".weight");
      if (!weights.is_there()) continue;  // of a cell without such a state
      const Value sum =
          graph.add(product(graph, ends, weights), vector(graph, parameter(saved, name + ".bias")));
      graph.output(fmt::format("layer{}.{}", i, state), graph.node("Tanh", {sum}), Type::float32,
                   {lanes, std::int64_t{weights.rows}});
    }
  }
}

}  // namespace

void add_encoder(Sequences& sequences) {
  const Config& config = sequences.saved().config;
  const Stack stack{.name = "encoder.rnn",
                    .layers = config.reading_layers(),
                    .bidirectional = config.bidirectional};
  const Value top = add_layers(sequences, stack, add_inputs(sequences).read);
  if (has_attention(config)) add_memory(sequences, top);
  add_bridge(sequences, top);
}

void add_decoder(Sequences& sequences) {
  Graph& graph = sequences.graph();
  const Config& config = sequences.saved().config;
  const std::string table = table_said(sequences.saved());
  const Value before = graph.input(column_said(sequences.saved()).name, Type::int64, {lanes});
  Memory memory;
  if (has_attention(config)) memory = read_memory(sequences);
  Value read = graph.node("Gather", {sequences.shared(table), before});
  const auto units = static_cast<int>(config.outputs());
  if (config.input_feeding) {
    read = graph.side_by_side({read, sequences.begin("feeding", units, {})}, 1);
  }
  const Stack stack{.name = "decoder.rnn", .layers = config.saying_layers()};
  // A sequence of one step.
  Value top = graph.squeeze(add_layers(sequences, stack, graph.unsqueeze(read, 0)), 0);
  if (has_attention(config)) top = add_attention(sequences, memory, top);
  if (config.input_feeding) sequences.end("feeding", top, units);
  add_classes(sequences, add_outputs(sequences, top, table), false, {lanes});
}

}  // namespace rondo::onnx_export
