// Decoders: a bridge, recurrent layers, attention.
#include <fmt/format.h>

#include "model/decoder/attention_stage.hpp"
#include "model/decoder/bridge.hpp"
#include "model/decoder/feeding_decoder.hpp"
#include "model/decoder/keys.hpp"
#include "model/plans/network_plan.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/model/cell.hpp"

namespace rondo {
namespace {

class BridgePlan final : public PlanOf<BridgePlan> {
 public:
  BridgePlan(std::string name, Signal encoder, Signal output)
      : name_(std::move(name)), encoder_(encoder), output_(output) {}

  std::vector<Signal> inputs() const override { return {encoder_}; }
  int axis() const override { return output_.axis; }
  StageSegments add_segments(ParameterLayout& layout) const override {
    const LinearSegments segments = add_linear(layout, name_, output_.width, encoder_.width, true);
    return {segments.weights, *segments.bias};
  }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    const StageSegments& own = builder.own();
    const auto& encoder = builder.wire(encoder_);
    auto stage = std::make_unique<Bridge<Real>>(
        builder.layout, LinearSegments{own[0], own[1]}, builder.parameters, encoder_.axis,
        encoder_.reversed, encoder.values, encoder.gradient, builder.goes_on(encoder_),
        builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  std::string name_;
  Signal encoder_, output_;
};

class KeysPlan final : public PlanOf<KeysPlan> {
 public:
  KeysPlan(bool biased, Signal encoder, Signal output)
      : biased_(biased), encoder_(encoder), output_(output) {}

  std::vector<Signal> inputs() const override { return {encoder_}; }
  StageSegments add_segments(ParameterLayout& layout) const override {
    const LinearSegments segments =
        add_linear(layout, "attention.key", output_.width, encoder_.width, biased_);
    return segments.bias ? StageSegments{segments.weights, *segments.bias}
                         : StageSegments{segments.weights};
  }
  std::int64_t weights_per_step() const override {
    return std::int64_t{encoder_.width} * output_.width;
  }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    const StageSegments& own = builder.own();
    LinearSegments segments{own[0], {}};
    if (biased_) segments.bias = own[1];
    const auto& encoder = builder.wire(encoder_);
    auto stage = std::make_unique<AttentionKeys<Real>>(
        builder.layout, segments, builder.parameters, encoder.values, encoder.gradient,
        builder.goes_on(encoder_), builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  bool biased_;
  Signal encoder_, output_;
};

// What attention reads of its source.
template <class Real>
AttentionPlaces<Real> source_of(StageBuilder<Real>& builder, Signal states, Signal keys) {
  AttentionPlaces<Real> places;
  places.source_axis = states.axis;
  places.states = builder.wire(states).values;
  places.states_gradient = builder.wire(states).gradient;
  places.states_go_on = builder.goes_on(states);
  places.keys = builder.wire(keys).values;
  places.keys_gradient = builder.wire(keys).gradient;
  return places;
}

class AttentionPlan final : public PlanOf<AttentionPlan> {
 public:
  // `keys`: of products of the encoder's states, these.
  AttentionPlan(AttentionKind kind, Signal encoder, Signal keys, Signal hidden, Signal output)
      : kind_(kind), encoder_(encoder), keys_(keys), hidden_(hidden), output_(output) {}

  std::vector<Signal> inputs() const override { return {hidden_, keys_, encoder_}; }
  StageSegments add_segments(ParameterLayout& layout) const override { return list(add(layout)); }
  std::int64_t weights_per_step() const override {
    const std::int64_t query = kind_ == AttentionKind::additive ? keys_.width : 0;
    return std::int64_t{hidden_.width} * (encoder_.width + hidden_.width + query);
  }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    ParameterLayout before = builder.before();  // its segments again, to learn which is which
    const auto& hidden = builder.wire(hidden_);
    AttentionPlaces<Real> places = source_of(builder, encoder_, keys_);
    places.hidden = hidden.values;
    places.hidden_gradient = hidden.gradient;
    places.hidden_goes_on = builder.goes_on(hidden_);
    auto stage = std::make_unique<AttentionStage<Real>>(
        builder.layout, add(before), builder.parameters, places, builder.pass,
        builder.whole.on(encoder_.axis).times, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    builder.attention = stage.get();
    return stage;
  }

 private:
  AttentionSegments add(ParameterLayout& layout) const {
    return add_attention(layout, kind_, encoder_.width, hidden_.width, keys_.width);
  }
  static StageSegments list(const AttentionSegments& segments) {
    StageSegments all;
    if (segments.query) all.push_back(segments.query->weights);
    if (segments.score) all.push_back(*segments.score);
    all.push_back(segments.context.weights);
    all.push_back(segments.hidden.weights);
    return all;
  }

  AttentionKind kind_;
  Signal encoder_, keys_, hidden_, output_;
};

// Layers and attention in one stage.
class FeedingPlan final : public PlanOf<FeedingPlan> {
 public:
  FeedingPlan(const DecoderShape& shape, Signal target, std::vector<InitialSignals> initial,
              Signal encoder, Signal keys, Signal output)
      : shape_(shape),
        target_(target),
        initial_(std::move(initial)),
        encoder_(encoder),
        keys_(keys),
        output_(output) {}

  std::vector<Signal> inputs() const override {
    std::vector<Signal> read{target_, keys_, encoder_};
    for (const InitialSignals& states : initial_) {
      read.push_back(states.hidden);
      if (states.cell.number >= 0) read.push_back(states.cell);
    }
    return read;
  }
  StageSegments add_segments(ParameterLayout& layout) const override {
    const std::size_t first = layout.segments().size();
    add<float>(layout);
    StageSegments all;
    for (std::size_t s = first; s < layout.segments().size(); ++s) all.push_back(s);
    return all;
  }
  InitialFacts facts() const override {
    return {.cell = shape_.layer.cell, .hidden = shape_.layer.hidden};
  }
  std::int64_t weights_per_step() const override {
    ParameterLayout own;
    add<float>(own);
    std::int64_t weights = 0;
    for (const Segment& segment : own.segments()) {
      if (!segment.vector) weights += static_cast<std::int64_t>(segment.elements());
    }
    return weights;
  }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    ParameterLayout before = builder.before();  // its segments again, to learn which is which
    const FeedingSegments segments = add<Real>(before);
    FeedingLayers<Real> layers;
    layers.cell = &find_cell<Real>(shape_.layer.cell);
    layers.stack = shape_.layer.stack;
    layers.dropout = shape_.dropout;
    layers.locked = shape_.dropout_locked;
    const auto state = [&](Signal signal) -> GivenState<Real> {
      if (signal.number < 0) return {};
      return {builder.wire(signal).values, builder.wire(signal).gradient};
    };
    for (std::size_t k = 0; k < initial_.size(); ++k) {
      if (k > 0) layers.dropped.push_back(builder.identities.next(StageKind::dropout));
      RecurrentOptions options;
      options.resumes_input_gradient = k == 0 && builder.goes_on(target_);
      options.weight_dropout = shape_.layer.weight_dropout;
      options.zoneout = shape_.layer.zoneout;
      options.zoneout_cell = shape_.layer.zoneout_cell;
      options.given_initial = true;
      options.carries = builder.pass.stepwise;
      options.identity = builder.identities.next(StageKind::recurrent);
      layers.options.push_back(options);
      layers.given.push_back({state(initial_[k].hidden), state(initial_[k].cell)});
    }
    const auto& target = builder.wire(target_);
    const DistinctRows<Real>* tokens = nullptr;
    if (target.table != nullptr) tokens = target.table->list_tokens(builder.pass, builder.memory);
    auto stage = std::make_unique<FeedingDecoder<Real>>(
        builder.layout, segments, layers, builder.parameters, target.values, target.gradient,
        tokens, source_of(builder, encoder_, keys_), builder.pass,
        builder.whole.on(encoder_.axis).times, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    builder.attention = stage.get();
    return stage;
  }

 private:
  template <class Real>
  FeedingSegments add(ParameterLayout& layout) const {
    const RecurrentShape& layer = shape_.layer;
    const Cell<Real>& cell = find_cell<Real>(layer.cell);
    FeedingSegments segments;
    RecurrentWidths widths{target_.width, layer.hidden, layer.outputs()};
    for (int k = 0; k < shape_.layers; ++k) {
      segments.layers.push_back(add_recurrent_layer(layout, cell, {k, layer.stack}, widths));
      widths.inputs = layer.outputs();
    }
    segments.feeding = add_feeding(layout, cell, {0, layer.stack}, widths);
    segments.attention =
        add_attention(layout, shape_.attention, encoder_.width, layer.outputs(), keys_.width);
    return segments;
  }

  DecoderShape shape_;
  Signal target_;
  std::vector<InitialSignals> initial_;
  Signal encoder_, keys_, output_;
};

void check(Signal encoder, const DecoderShape& shape) {
  const int hidden = shape.layer.outputs();
  if (shape.attention == AttentionKind::dot && encoder.width != hidden) {
    throw_input(
        "attention by dot products needs states of one width, and the encoder's have {} units, the "
        "decoder's {}: the attention 'general' joins them",
        encoder.width, hidden);
  }
  if (shape.feeding && shape.attention == AttentionKind::none) {
    throw_input("a decoder without attention has nothing to feed back");
  }
}

}  // namespace

Signal NetworkPlan::decoder(Signal encoder, Signal target, const DecoderShape& shape) {
  check(encoder, shape);
  const auto bridge = [&](const char* state, int layer, int units) {
    const Signal output = make(units, target.axis);
    add<BridgePlan>(fmt::format("bridge.{}_l{}", state, layer), encoder, output);
    return output;
  };
  const RecurrentShape& layer = shape.layer;
  std::vector<InitialSignals> initial(static_cast<std::size_t>(shape.layers));
  for (int k = 0; k < shape.layers; ++k) {
    InitialSignals& states = initial[static_cast<std::size_t>(k)];
    states.hidden = bridge("hidden", k, layer.outputs());
    if (find_cell<float>(layer.cell).has_cell_state) {
      states.cell = bridge("cell", k, layer.hidden);
    }
  }
  Signal keys = encoder;
  const bool additive = shape.attention == AttentionKind::additive;
  if (additive || shape.attention == AttentionKind::general) {
    const int chosen = additive ? shape.attention_units : 0;
    keys = make(chosen > 0 ? chosen : layer.outputs(), encoder.axis);
    add<KeysPlan>(additive, encoder, keys);
  }
  if (shape.feeding) {
    const Signal input = dropout(target, shape.dropout_input, shape.dropout_locked);
    layers_[layer.stack] += shape.layers;
    const Signal output = make(layer.outputs(), target.axis);
    add<FeedingPlan>(shape, input, std::move(initial), encoder, keys, output);
    return output;
  }
  Signal top = target;
  for (int k = 0; k < shape.layers; ++k) {
    top = dropout(top, k == 0 ? shape.dropout_input : shape.dropout, shape.dropout_locked);
    top = recurrent(top, layer, false, initial[static_cast<std::size_t>(k)]);
  }
  if (shape.attention == AttentionKind::none) return top;
  const Signal output = make(top.width, top.axis);
  add<AttentionPlan>(shape.attention, encoder, keys, top, output);
  return output;
}

}  // namespace rondo
