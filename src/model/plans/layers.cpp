// Recurrent layers, and what stands between them.
#include <algorithm>

#include "model/joined_steps.hpp"
#include "model/plans/network_plan.hpp"
#include "model/recurrent/recurrent_layer.hpp"
#include "model/regular/dropout.hpp"
#include "model/regular/penalty.hpp"
#include "model/residual.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

class DropoutPlan final : public PlanOf<DropoutPlan> {
 public:
  DropoutPlan(double probability, bool locked, Signal below, Signal output)
      : probability_(probability), locked_(locked), below_(below), output_(output) {}

  std::vector<Signal> inputs() const override { return {below_}; }

  // Where nothing is dropped, its number is counted all the same (stage_identity.hpp).
  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    const StageIdentity identity = builder.identities.next(StageKind::dropout);
    const auto below = builder.wire(below_);
    builder.wire(output_) = below;
    if (probability_ == 0 || !builder.pass.training) return nullptr;
    auto stage = std::make_unique<Dropout<Real>>(probability_, locked_, identity, below.values,
                                                 below.gradient, builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  double probability_;
  bool locked_;
  Signal below_, output_;
};

class RecurrentPlan final : public PlanOf<RecurrentPlan> {
 public:
  RecurrentPlan(const RecurrentShape& shape, int number, bool reversed, Signal below,
                const InitialSignals& initial, Signal output)
      : shape_(shape),
        number_(number),
        reversed_(reversed),
        below_(below),
        initial_(initial),
        output_(output) {}

  std::vector<Signal> inputs() const override {
    std::vector<Signal> read{below_};
    for (const Signal given : {initial_.hidden, initial_.cell}) {
      if (given.number >= 0) read.push_back(given);
    }
    return read;
  }
  StageSegments add_segments(ParameterLayout& layout) const override {
    const RecurrentSegments segments = add<float>(layout);
    StageSegments all;
    for (std::size_t s = segments.input_weights; s < layout.segments().size(); ++s) {
      all.push_back(s);
    }
    return all;
  }
  InitialFacts facts() const override { return {.cell = shape_.cell, .hidden = shape_.hidden}; }
  std::int64_t weights_per_step() const override {
    const Cell<float>& cell = find_cell<float>(shape_.cell);
    const std::int64_t h = shape_.hidden, out = shape_.outputs(), in = below_.width;
    return h * (in * static_cast<std::int64_t>(cell.input_slots.size()) +
                out * static_cast<std::int64_t>(cell.recurrent_slots.size()) + shape_.projection);
  }
  std::vector<CarriedArray> carried() const override {
    if (!carries({})) return {};
    std::vector<CarriedArray> arrays{
        {fmt::format("{}.hidden_l{}", shape_.stack, number_), shape_.outputs()}};
    if (find_cell<float>(shape_.cell).has_cell_state) {
      arrays.push_back({fmt::format("{}.cell_l{}", shape_.stack, number_), shape_.hidden});
    }
    return arrays;
  }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    ParameterLayout before = builder.before();  // its segments again, to learn which is which
    const RecurrentSegments segments = add<Real>(before);
    auto& below = builder.wire(below_);
    const DistinctRows<Real>* tokens = nullptr;
    if (below.table != nullptr) tokens = below.table->list_tokens(builder.pass, builder.memory);
    const RecurrentOptions options{builder.goes_on(below_),
                                   shape_.weight_dropout,
                                   shape_.zoneout,
                                   shape_.zoneout_cell,
                                   shape_.trained_initial_state,
                                   initial_.hidden.number >= 0,
                                   reversed_,
                                   carries(builder.pass),
                                   builder.identities.next(StageKind::recurrent)};
    GivenStates<Real> given;
    const auto find = [&](Signal signal, GivenState<Real>& state) {
      if (signal.number < 0) return;
      const auto& wire = builder.wire(signal);
      state = {wire.values, wire.gradient};
    };
    find(initial_.hidden, given.hidden);
    find(initial_.cell, given.cell);
    auto stage = std::make_unique<RecurrentLayer<Real>>(
        builder.layout, segments, find_cell<Real>(shape_.cell), LayerName{number_, shape_.stack},
        builder.parameters, below.values, below.gradient, builder.pass, builder.memory, options,
        tokens, given);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  bool carries(const PassShape& pass) const {
    return !reversed_ && (below_.axis == 0 || pass.stepwise);
  }
  template <class Real>
  RecurrentSegments add(ParameterLayout& layout) const {
    return add_recurrent_layer(layout, find_cell<Real>(shape_.cell), {number_, shape_.stack},
                               {below_.width, shape_.hidden, shape_.outputs()},
                               shape_.trained_initial_state, reversed_);
  }

  RecurrentShape shape_;
  int number_;
  bool reversed_;
  Signal below_;
  InitialSignals initial_;
  Signal output_;
};

class JoinedPlan final : public PlanOf<JoinedPlan> {
 public:
  JoinedPlan(Signal below, int factor, Signal output)
      : below_(below), factor_(factor), output_(output) {}

  std::vector<Signal> inputs() const override { return {below_}; }
  int axis() const override { return output_.axis; }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    const auto& below = builder.wire(below_);
    auto stage =
        std::make_unique<JoinedSteps<Real>>(below_.axis, factor_, below.values, below.gradient,
                                            builder.goes_on(below_), builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  Signal below_;
  int factor_;
  Signal output_;
};

class ResidualPlan final : public PlanOf<ResidualPlan> {
 public:
  ResidualPlan(Signal input, Signal layer, Signal output)
      : input_(input), layer_(layer), output_(output) {}

  std::vector<Signal> inputs() const override { return {input_, layer_}; }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    const auto& input = builder.wire(input_);
    const auto& layer = builder.wire(layer_);
    auto stage = std::make_unique<Residual<Real>>(input.values, input.gradient, layer.values,
                                                  layer.gradient, builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  Signal input_, layer_, output_;
};

class PenaltyPlan final : public PlanOf<PenaltyPlan> {
 public:
  PenaltyPlan(PenaltyKind kind, double weight, int targets, Signal of)
      : kind_(kind), weight_(weight), targets_(targets), of_(of) {}

  // It adds to a gradient that another has started.
  std::vector<Signal> inputs() const override { return {}; }
  int axis() const override { return of_.axis; }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    if (weight_ == 0 || !builder.pass.training) return nullptr;
    const auto& of = builder.wire(of_);
    return std::make_unique<Penalty<Real>>(kind_, weight_, targets_, of.values, of.gradient,
                                           builder.pass);
  }

 private:
  PenaltyKind kind_;
  double weight_;
  int targets_;
  Signal of_;
};

}  // namespace

Signal NetworkPlan::dropout(Signal below, double probability, bool locked) {
  Signal output = make(below.width, below.axis);
  output.reversed = below.reversed;
  add<DropoutPlan>(probability, locked, below, output);
  return output;
}

Signal NetworkPlan::join_steps(Signal below, int factor) {
  const Signal output = make(below.width * factor, thinned(below.axis));
  thinning_ = {factor, std::max(thinning_.levels, thinnings_of(output.axis))};
  add<JoinedPlan>(below, factor, output);
  return output;
}

Signal NetworkPlan::recurrent(Signal below, const RecurrentShape& shape, bool residual,
                              const InitialSignals& initial) {
  const Cell<float>& cell = find_cell<float>(shape.cell);
  if (cell.projects != (shape.projection > 0)) {
    throw_input("the cell '{}' {} its units, and the model's projection is {}", cell.name,
                cell.projects ? "projects" : "does not project", shape.projection);
  }
  const int number = layers_[shape.stack]++;
  const auto direction = [&](bool reversed) {
    const Signal output = make(shape.outputs(), below.axis);
    add<RecurrentPlan>(shape, number, reversed, below, initial, output);
    return output;
  };
  Signal layer = direction(false);
  if (shape.bidirectional) {
    layer = side_by_side({layer, direction(true)});
    layer.reversed = shape.outputs();
  }
  if (!residual) return layer;
  Signal sum = make(layer.width, layer.axis);
  sum.reversed = layer.reversed;
  add<ResidualPlan>(below, layer, sum);
  return sum;
}

void NetworkPlan::penalty(Signal of, PenaltyKind kind, double weight, int targets) {
  add<PenaltyPlan>(kind, weight, targets, of);
}

}  // namespace rondo
