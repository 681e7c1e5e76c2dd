// The loss of a model over a whole split.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "rondo/comm/communicator.hpp"
#include "rondo/comm/reducer.hpp"
#include "rondo/comm/small_sums.hpp"
#include "rondo/core/config.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/data/batcher.hpp"
#include "rondo/model/network.hpp"
#include "rondo/train/pulse.hpp"

namespace rondo {

struct Evaluation {
  double loss = 0;           // mean, nats a target
  std::int64_t targets = 0;  // valid ones
};

// How a model is evaluated: lanes of its own, walked in the file's order from fresh states.
struct EvaluationShape {
  std::int64_t lanes = 0;  // of the whole run
  std::int64_t block = 0;
  std::int64_t window = 0;
  std::uint64_t memory = 256'000'000;  // for a rank's activations, in bytes
};

// A configuration's: beside training's activations, validation's take up to a quarter of `memory`.
EvaluationShape evaluation_shape(const Config& config);

template <class Real>
class Evaluator {
 public:
  // `parameters` may change between calls. At most lanes / block ranks. Blocks beyond `memory` are
  // worked on in groups.
  Evaluator(const ModelShape& model, const ParameterLayout& layout, const Real* parameters,
            const EvaluationShape& shape, Communicator& world);

  // Mean loss over `split`: each block's losses added window after window, blocks joined by the
  // tree; the same bits for any ranks and threads. `pulse` beats with each window, and is joining
  // at last. Collective.
  Evaluation evaluate(const TokenSource& split, ThreadPool& pool, Pulse* pulse = nullptr);
  // The same, with `look_up` called behind the first window, on all ranks: it says after how many
  // windows more it is to be called again, the same number on all ranks; 0 breaks off, and there is
  // no result. Collective.
  std::optional<Evaluation> evaluate(const TokenSource& split, ThreadPool& pool, Pulse* pulse,
                                     const std::function<std::int64_t()>& look_up);

 private:
  EvaluationShape shape_;
  Communicator& world_;
  BlockPlan plan_;
  PassShape pass_;
  Network<Real> network_;
};

// A window of the data as the network sees it.
WindowView view_of(const Window& window, std::int64_t first_lane);

}  // namespace rondo
