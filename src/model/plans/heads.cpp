// Heads.
#include "model/heads/ctc_layer.hpp"
#include "model/heads/number_layer.hpp"
#include "model/heads/softmax_layer.hpp"
#include "model/plans/network_plan.hpp"
#include "rondo/core/labels.hpp"

namespace rondo {
namespace {

class SoftmaxPlan final : public PlanOf<SoftmaxPlan> {
 public:
  // `table`: the number of the stage whose table serves as weights, -1: none.
  SoftmaxPlan(Signal below, ClassTargets targets, int classes, double smoothing,
              std::vector<double> weights, int table)
      : below_(below),
        targets_(targets),
        classes_(classes),
        smoothing_(smoothing),
        weights_(std::move(weights)),
        table_(table) {}

  std::vector<Signal> inputs() const override { return {below_}; }
  StageSegments add_segments(ParameterLayout& layout) const override {
    if (table_ >= 0) return {add_softmax_bias(layout, classes_)};
    const SoftmaxSegments segments = add_softmax_layer(layout, classes_, below_.width);
    return {segments.weights, segments.bias};
  }
  std::size_t apart(const ParameterLayout& layout) const override {
    return table_ < 0 ? 0 : tied_weights(layout, classes_, below_.width).size;
  }
  std::int64_t weights_per_step() const override {
    return static_cast<std::int64_t>(below_.width) * classes_;
  }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    const StageSegments& own = builder.own();
    const SoftmaxSegments segments =
        table_ < 0 ? SoftmaxSegments{own[0], own[1]}
                   : SoftmaxSegments{builder.segments[static_cast<std::size_t>(table_)].front(),
                                     own[0], true};
    const auto& below = builder.wire(below_);
    auto stage = std::make_unique<SoftmaxLayer<Real>>(
        builder.layout, segments, targets_, builder.parameters, below.values, below.gradient,
        builder.pass, builder.memory, smoothing_, weights_);
    builder.heads.push_back(stage.get());
    return stage;
  }

 private:
  Signal below_;
  ClassTargets targets_;
  int classes_;
  double smoothing_;
  std::vector<double> weights_;
  int table_;
};

// Of a head whose segments are those of add_linear_outputs.
template <class Real>
HeadPlaces<Real> head_places(StageBuilder<Real>& builder, Signal read) {
  const StageSegments& own = builder.own();
  const auto& below = builder.wire(read);
  return {builder.layout, {own[0], own[1]}, builder.parameters, below.values, below.gradient};
}

class RegressionPlan final : public PlanOf<RegressionPlan> {
 public:
  RegressionPlan(Signal below, const NumberTargets& targets, kernels::NumberLoss loss)
      : below_(below), targets_(targets), loss_(std::move(loss)) {}

  std::vector<Signal> inputs() const override { return {below_}; }
  StageSegments add_segments(ParameterLayout& layout) const override {
    const OutputSegments segments =
        add_linear_outputs(layout, outputs(), below_.width, "one row a number that is said");
    return {segments.weights, segments.bias};
  }
  std::int64_t weights_per_step() const override {
    return static_cast<std::int64_t>(below_.width) * outputs();
  }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    auto stage = std::make_unique<NumberLayer<Real>>(head_places(builder, below_), targets_, loss_,
                                                     builder.pass, builder.memory);
    builder.heads.push_back(stage.get());
    return stage;
  }

 private:
  int outputs() const { return targets_.width * loss_.parts(); }

  Signal below_;
  NumberTargets targets_;
  kernels::NumberLoss loss_;
};

class CtcPlan final : public PlanOf<CtcPlan> {
 public:
  CtcPlan(Signal below, int targets, int symbols)
      : below_(below), targets_(targets), classes_(symbols + 1) {}

  std::vector<Signal> inputs() const override { return {below_}; }
  StageSegments add_segments(ParameterLayout& layout) const override {
    const OutputSegments segments =
        add_linear_outputs(layout, classes_, below_.width, "one row a symbol, the last the blank");
    return {segments.weights, segments.bias};
  }
  std::int64_t weights_per_step() const override {
    return static_cast<std::int64_t>(below_.width) * classes_;
  }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    auto stage = std::make_unique<CtcLayer<Real>>(head_places(builder, below_), targets_,
                                                  builder.pass, builder.memory);
    builder.heads.push_back(stage.get());
    return stage;
  }

 private:
  Signal below_;
  int targets_, classes_;
};

}  // namespace

void NetworkPlan::softmax(Signal below, int targets, int classes, double smoothing,
                          std::vector<double> weights, Signal tied_to) {
  const int table = table_stage(tied_to);
  if (table >= 0) stages_[static_cast<std::size_t>(table)]->tie();
  add<SoftmaxPlan>(below, ClassTargets{targets}, classes, smoothing, std::move(weights), table);
}

void NetworkPlan::logistic(Signal below, int targets, int labels) {
  add<SoftmaxPlan>(below, ClassTargets{targets, words_of_labels(labels)}, labels, 0.0,
                   std::vector<double>(), -1);
}

void NetworkPlan::ctc(Signal below, int targets, int symbols) {
  add<CtcPlan>(below, targets, symbols);
}

void NetworkPlan::regression(Signal below, int targets, int width,
                             const kernels::NumberLoss& loss) {
  add<RegressionPlan>(below, NumberTargets{targets, width}, loss);
}

}  // namespace rondo
