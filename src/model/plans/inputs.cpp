// What a network begins with: tables of vectors, numbers, both side by side, and what was made on
// another axis.
#include <fmt/format.h>

#include "model/inputs/gather_ends.hpp"
#include "model/inputs/number_input.hpp"
#include "model/inputs/side_by_side.hpp"
#include "model/plans/network_plan.hpp"

namespace rondo {
namespace {

class EmbeddingPlan final : public PlanOf<EmbeddingPlan> {
 public:
  EmbeddingPlan(std::string name, const TokenTable& table, double dropout, Signal output)
      : name_(std::move(name)), table_(table), dropout_(dropout), output_(output) {}

  std::vector<Signal> inputs() const override { return {}; }
  int axis() const override { return table_.axis; }
  StageSegments add_segments(ParameterLayout& layout) const override {
    return {add_embedding(layout, name_, table_.rows, table_.width)};
  }
  InitialFacts facts() const override { return {.tied = tied_}; }
  std::optional<TokenTable> table() const override { return table_; }
  int table_signal() const override { return output_.number; }
  void tie() override { tied_ = true; }
  void share() override { table_.shared = true; }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    auto stage = std::make_unique<Embedding<Real>>(
        builder.layout, builder.own().front(), table_.column, builder.parameters, builder.pass,
        builder.memory, dropout_, builder.identities.next(StageKind::embedding));
    builder.wire(output_) = {stage->output(), stage->output_gradient(), stage.get()};
    return stage;
  }

 private:
  std::string name_;
  TokenTable table_;
  double dropout_;
  Signal output_;
  bool tied_ = false;
};

// A table's second use, on another axis.
class TableUsePlan final : public PlanOf<TableUsePlan> {
 public:
  // `stage`: the number of the table's.
  TableUsePlan(int stage, Signal table, int column, double dropout, Signal output)
      : stage_(stage), table_(table), column_(column), dropout_(dropout), output_(output) {}

  std::vector<Signal> inputs() const override { return {}; }
  int axis() const override { return output_.axis; }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    auto stage = std::make_unique<Embedding<Real>>(
        builder.layout, builder.segments[static_cast<std::size_t>(stage_)].front(), column_,
        builder.parameters, builder.pass, builder.memory, dropout_,
        builder.identities.next(StageKind::embedding));
    builder.wire(table_).table->add_use(*stage);
    builder.wire(output_) = {stage->output(), stage->output_gradient(), stage.get()};
    return stage;
  }

 private:
  int stage_;
  Signal table_;
  int column_;
  double dropout_;
  Signal output_;
};

class NumberPlan final : public PlanOf<NumberPlan> {
 public:
  NumberPlan(int column, int width, Signal output)
      : column_(column), width_(width), output_(output) {}

  std::vector<Signal> inputs() const override { return {}; }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    auto stage = std::make_unique<NumberInput<Real>>(column_, width_, builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), {}};  // nobody asks for the gradient at given numbers
    return stage;
  }

 private:
  int column_, width_;
  Signal output_;
};

class SideBySidePlan final : public PlanOf<SideBySidePlan> {
 public:
  SideBySidePlan(std::vector<Signal> parts, Signal output)
      : parts_(std::move(parts)), output_(output) {}

  std::vector<Signal> inputs() const override { return parts_; }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    std::vector<typename SideBySide<Real>::Input> parts;
    for (const Signal part : parts_) {
      const auto& wire = builder.wire(part);
      parts.push_back({wire.values, wire.gradient, builder.goes_on(part)});
    }
    auto stage = std::make_unique<SideBySide<Real>>(std::move(parts), builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  std::vector<Signal> parts_;
  Signal output_;
};

class GatherEndsPlan final : public PlanOf<GatherEndsPlan> {
 public:
  GatherEndsPlan(Signal below, Signal output) : below_(below), output_(output) {}

  std::vector<Signal> inputs() const override { return {below_}; }
  int axis() const override { return output_.axis; }

  template <class Real>
  std::unique_ptr<Stage<Real>> make(StageBuilder<Real>& builder) const {
    const auto& below = builder.wire(below_);
    auto stage = std::make_unique<GatherEnds<Real>>(below_.axis, below_.reversed, below.values,
                                                    below.gradient, builder.goes_on(below_),
                                                    builder.pass, builder.memory);
    builder.wire(output_) = {stage->output(), stage->output_gradient()};
    return stage;
  }

 private:
  Signal below_, output_;
};

}  // namespace

Signal NetworkPlan::gather_ends(Signal below) {
  const Signal output = make(below.width, 0);
  add<GatherEndsPlan>(below, output);
  return output;
}

Signal NetworkPlan::embedding(int column, int rows, int width, double dropout, int axis) {
  const std::string name =
      tables_ == 0 ? "embedding.weight" : fmt::format("embedding_{}.weight", tables_);
  ++tables_;
  const Signal output = make(width, axis);
  add<EmbeddingPlan>(name, TokenTable{column, rows, width, 0, axis, false}, dropout, output);
  return output;
}

Signal NetworkPlan::same_table(Signal table, int column, double dropout, int axis) {
  const int stage = table_stage(table);
  stages_[static_cast<std::size_t>(stage)]->share();
  const Signal output = make(table.width, axis);
  same_tables_[output.number] = table.number;
  add<TableUsePlan>(stage, table, column, dropout, output);
  return output;
}

int NetworkPlan::table_stage(Signal signal) const {
  const auto owner = same_tables_.find(signal.number);
  const int number = owner == same_tables_.end() ? signal.number : owner->second;
  for (std::size_t i = 0; number >= 0 && i < stages_.size(); ++i) {
    if (stages_[i]->table_signal() == number) return static_cast<int>(i);
  }
  return -1;
}

Signal NetworkPlan::numbers(int column, int width) {
  const Signal output = make(width, 0);
  add<NumberPlan>(column, width, output);
  return output;
}

Signal NetworkPlan::side_by_side(const std::vector<Signal>& signals) {
  if (signals.size() == 1) return signals.front();
  int width = 0;
  for (const Signal signal : signals) width += signal.width;
  const Signal output = make(width, signals.front().axis);
  add<SideBySidePlan>(signals, output);
  return output;
}

}  // namespace rondo
