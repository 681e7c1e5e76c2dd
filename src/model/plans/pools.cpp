// What the steps of a sequence say together.
#include "model/heads/attention_pool.hpp"
#include "model/heads/pool.hpp"
#include "model/plans/network_plan.hpp"

namespace rondo {
namespace {

class PoolPlan final : public PlanOf<PoolPlan> {
 public:
  PoolPlan(Pooling pooling, Signal below, Signal output)
      : pooling_(pooling), below_(below), output_(output) {}

  std::vector<Signal> inputs() const override { return {below_}; }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    const auto& below = builder.wire(below_);
    auto stage =
        std::make_unique<Pool<Real>>(pooling_, below_.reversed, below.values, below.gradient,
                                     builder.goes_on(below_), builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  Pooling pooling_;
  Signal below_, output_;
};

class AttentionPoolPlan final : public PlanOf<AttentionPoolPlan> {
 public:
  AttentionPoolPlan(Signal below, Signal output) : below_(below), output_(output) {}

  std::vector<Signal> inputs() const override { return {below_}; }
  StageSegments add_segments(ParameterLayout& layout) const override {
    const AttentionPoolSegments segments = add_attention_pool(layout, below_.width);
    return {segments.weights, segments.bias, segments.score};
  }
  std::int64_t weights_per_step() const override {
    return static_cast<std::int64_t>(below_.width) * (below_.width + 1);
  }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    const StageSegments& own = builder.own();
    const auto& below = builder.wire(below_);
    auto stage = std::make_unique<AttentionPool<Real>>(
        builder.layout, AttentionPoolSegments{own[0], own[1], own[2]}, builder.parameters,
        below.values, below.gradient, builder.goes_on(below_), builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  Signal below_, output_;
};

}  // namespace

Signal NetworkPlan::pool(Signal below, Pooling pooling) {
  // A head reads last steps as they are.
  if (pooling == Pooling::last && below.reversed == 0) return below;
  const Signal output = make(below.width, below.axis);
  if (pooling == Pooling::attention) {
    add<AttentionPoolPlan>(below, output);
  } else {
    add<PoolPlan>(pooling, below, output);
  }
  return output;
}

}  // namespace rondo
