// A stage of a plan: what is known of it, and how it is built.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/allocations.hpp"
#include "model/decoder/attention.hpp"
#include "model/heads/head.hpp"
#include "model/inputs/embedding.hpp"
#include "model/stage_identity.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/model/network_plan.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// What first values depend on, beside a segment's role.
struct InitialFacts {
  std::string cell = {};  // of a recurrent layer
  int hidden = 0;         // its units
  bool tied = false;      // of a table: it is an output's weights, too
};

// Positions of a stage's segments in the layout.
using StageSegments = std::vector<std::size_t>;

// A network under construction. Stages are built in order; each finds its signals, and says what it
// has made.
template <class Real>
struct StageBuilder {
  // The memory of a signal. `table`: the embedding that makes it, if one does.
  struct Wire {
    Activations<Real> values, gradient;
    Embedding<Real>* table = nullptr;
  };

  const ParameterLayout& layout;
  const std::vector<StageSegments>& segments;  // of all stages
  const Real* parameters;
  PassShape whole;  // of all axes
  PassShape pass;   // of the stage's
  Allocations& memory;
  StageIdentities identities;
  std::vector<Wire> wires;
  std::vector<Head<Real>*> heads;
  AttentionWeights<Real>* attention = nullptr;
  std::vector<int> last_readers;  // of each signal: the stage that starts its gradient
  int stage = 0;                  // the one that is being built

  const StageSegments& own() const { return segments[static_cast<std::size_t>(stage)]; }
  // The segments of the stages before it; what it adds to them has the numbers that it has in
  // `layout`.
  ParameterLayout before() const {
    ParameterLayout others;
    for (std::size_t s = 0; s < own().front(); ++s) others.add(layout[s]);
    return others;
  }
  Wire& wire(Signal signal) { return wires[static_cast<std::size_t>(signal.number)]; }
  // Whether a stage behind this one starts the gradient at a signal.
  bool goes_on(Signal signal) const {
    return last_readers[static_cast<std::size_t>(signal.number)] > stage;
  }
};

class StagePlan {
 public:
  virtual ~StagePlan() = default;
  StagePlan() = default;
  StagePlan(const StagePlan&) = delete;
  StagePlan& operator=(const StagePlan&) = delete;

  // Signals whose gradient it computes.
  virtual std::vector<Signal> inputs() const = 0;
  // Of the window, which its views are of.
  virtual int axis() const {
    const std::vector<Signal> read = inputs();
    return read.empty() ? 0 : read.front().axis;
  }
  // Appends its segments.
  virtual StageSegments add_segments(ParameterLayout&) const { return {}; }
  // Null where there is nothing to do in a pass: its output is then its input.
  virtual std::unique_ptr<Stage<float>> build(StageBuilder<float>& builder) const = 0;
  virtual std::unique_ptr<Stage<double>> build(StageBuilder<double>& builder) const = 0;

  virtual InitialFacts facts() const { return {}; }
  // Elements behind the parameters in a gradient buffer.
  virtual std::size_t apart(const ParameterLayout&) const { return 0; }
  virtual std::int64_t weights_per_step() const { return 0; }
  // Of a table: what it is, and the number of the signal that it makes.
  virtual std::optional<TokenTable> table() const { return std::nullopt; }
  virtual int table_signal() const { return -1; }
  virtual std::vector<CarriedArray> carried() const { return {}; }
  // Of a table: an output's weights are tied to it.
  virtual void tie() {}
  // Another stage reads it, too.
  virtual void share() {}
};

// A stage whose Derived has one `make(builder)` for both precisions.
template <class Derived>
class PlanOf : public StagePlan {
 public:
  std::unique_ptr<Stage<float>> build(StageBuilder<float>& builder) const override {
    return static_cast<const Derived*>(this)->make(builder);
  }
  std::unique_ptr<Stage<double>> build(StageBuilder<double>& builder) const override {
    return static_cast<const Derived*>(this)->make(builder);
  }
};

}  // namespace rondo
