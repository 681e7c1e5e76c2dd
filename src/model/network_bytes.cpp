// What a network allocates, known without building it.
#include "model/dropout.hpp"
#include "model/embedding.hpp"
#include "model/packed_weights.hpp"
#include "model/recurrent_layer.hpp"
#include "model/softmax_layer.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/network.hpp"

namespace rondo {

template <class Real>
std::uint64_t Network<Real>::logit_bytes(const ModelShape& shape, int lanes) {
  return step_distance(Panels{shape.vocabulary}.step_size(lanes)) * sizeof(Real);
}

// The sum of what the stages' constructors allocate.
template <class Real>
NetworkBytes Network<Real>::bytes(const ModelShape& shape, const PassShape& pass) {
  const Cell<Real>& cell = find_cell<Real>(shape.cell);
  const auto times = static_cast<std::uint64_t>(pass.times);
  const auto slots = static_cast<std::uint64_t>(cell.slots);
  const auto layers = static_cast<std::uint64_t>(shape.layers);
  const std::uint64_t cells = cell.has_cell_state ? 1 : 0;
  const Panels units{shape.hidden}, outputs{shape.outputs()}, inputs{shape.embedding};
  const std::uint64_t unit_step = units.step_size(pass.lanes);
  const std::uint64_t step = step_distance(unit_step);
  const std::uint64_t output_step = step_distance(outputs.step_size(pass.lanes));
  const std::uint64_t input_step = step_distance(inputs.step_size(pass.lanes));
  const std::uint64_t gates_step = step_distance(unit_step * slots);
  NetworkBytes bytes;
  bytes.logits = SoftmaxLayer<Real>::bytes(shape.vocabulary, pass);
  std::uint64_t values = input_step * times + layers * (gates_step + output_step) * times +
                         layers * (output_step + cells * step) * (times + 1);
  if (cell.normalized > 0) {
    const std::uint64_t kept = pass.training ? times : 1;
    values +=
        layers * kept *
        (2 * normalized_values(cell, units, pass.lanes) + normalized_scales(cell, pass.lanes));
  }
  if (cell.projects) values += layers * Projection<Real>::values(units, pass);
  const RecurrentOptions options{.zoneout = shape.zoneout,
                                 .zoneout_cell = shape.zoneout_cell,
                                 .trains_initial = shape.trained_initial_state};
  bytes.activations += layers * transition_bytes<Real>(cell, units, outputs, options, pass);
  if (lists_tokens(shape, pass)) {
    values += DistinctRows<Real>::values(shape.vocabulary, inputs, pass) +
              TokenProducts<Real>::values(units, static_cast<int>(cell.input_slots.size()),
                                          DistinctTokens::most(shape.vocabulary, pass));
    bytes.activations += DistinctTokens::bytes(shape.vocabulary, pass);
  }
  if (shape.residual) values += (layers - 1) * output_step * times;
  if (pass.training) {
    values += input_step * times + layers * (output_step * (times + 1) + step * (1 + cells));
    bytes.activations += Embedding<Real>::list_bytes(shape.vocabulary, pass);
    const auto add_dropout = [&](double probability, std::uint64_t count, int dropped) {
      if (probability == 0) return;
      bytes.activations += count * Dropout<Real>::bytes(dropped, shape.dropout_locked, pass);
    };
    add_dropout(shape.dropout_input, 1, shape.embedding);
    add_dropout(shape.dropout, layers - 1, shape.outputs());
    add_dropout(shape.dropout_output, 1, shape.outputs());
    const ParameterLayout layout = model_layout(shape);
    for (const Segment& segment : layout.segments()) {
      if (segment.vector || segment.storage == Segment::Storage::rows) continue;
      bytes.weights += PackedWeights<Real>::values(segment) * sizeof(Real);
    }
    if (shape.dropout_weights > 0) {
      for (const Segment& segment : layout.segments()) {
        if (segment.role != Segment::Role::recurrent_weights) continue;
        bytes.weights += segment.size * sizeof(Real);
      }
    }
  }
  if (shape.tied) {
    const Segment tied = tied_weights({}, shape.vocabulary, shape.outputs());
    const std::size_t forms = pass.training ? PackedWeights<Real>::values(tied) : 0;
    bytes.weights += (tied.size + forms) * sizeof(Real);
  }
  bytes.activations += values * sizeof(Real) + bytes.logits;
  const auto carried = [&](const Panels& panels) { return panels.step_size(pass.carried_lanes()); };
  bytes.carried = layers * (carried(outputs) + cells * carried(units)) * sizeof(Real);
  return bytes;
}

template std::uint64_t Network<float>::logit_bytes(const ModelShape&, int);
template std::uint64_t Network<double>::logit_bytes(const ModelShape&, int);
template NetworkBytes Network<float>::bytes(const ModelShape&, const PassShape&);
template NetworkBytes Network<double>::bytes(const ModelShape&, const PassShape&);

}  // namespace rondo
