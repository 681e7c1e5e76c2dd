#include "rondo/model/network.hpp"

#include "model/allocations.hpp"
#include "model/heads/softmax_layer.hpp"
#include "model/inputs/embedding.hpp"
#include "model/recurrent/recurrent_layer.hpp"
#include "model/regular/dropout.hpp"
#include "model/regular/penalty.hpp"
#include "model/residual.hpp"
#include "model/stage_identity.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/kernels/products/packing.hpp"

namespace rondo {
namespace {

struct ModelSegments {
  std::size_t embedding = 0;
  std::vector<RecurrentSegments> layers;
  SoftmaxSegments output{};
};

template <class Real>
ModelSegments add_segments(const ModelShape& shape, ParameterLayout& layout) {
  const Cell<Real>& cell = find_cell<Real>(shape.cell);
  if (cell.projects != (shape.projection > 0)) {
    throw_input("the cell '{}' {} its units, and the model's projection is {}", cell.name,
                cell.projects ? "projects" : "does not project", shape.projection);
  }
  ModelSegments segments;
  segments.embedding = add_embedding(layout, shape.vocabulary, shape.embedding);
  for (int layer = 0; layer < shape.layers; ++layer) {
    const int inputs = layer == 0 ? shape.embedding : shape.outputs();
    segments.layers.push_back(add_recurrent_layer(
        layout, cell, layer, {inputs, shape.hidden, shape.outputs()}, shape.trained_initial_state));
  }
  segments.output = shape.tied
                        ? add_tied_softmax_layer(layout, shape.vocabulary, segments.embedding)
                        : add_softmax_layer(layout, shape.vocabulary, shape.outputs());
  return segments;
}

// A thread's share of a window's lanes: neighbours, as equal as can be.
LaneRange share_of(const WindowView& window, int thread, int threads) {
  return {window.lanes * thread / threads, window.lanes * (thread + 1) / threads};
}

}  // namespace

std::int64_t ModelShape::weights_per_token() const {
  const Cell<float>& kind = find_cell<float>(cell);
  const std::int64_t h = hidden, p = projection, out = outputs();
  std::int64_t weights = out * vocabulary;
  for (int layer = 0; layer < layers; ++layer) {
    const std::int64_t inputs = layer == 0 ? embedding : out;
    weights += h * (inputs * static_cast<std::int64_t>(kind.input_slots.size()) +
                    out * static_cast<std::int64_t>(kind.recurrent_slots.size()) + p);
  }
  return weights;
}

ParameterLayout model_layout(const ModelShape& shape) {
  ParameterLayout layout;
  add_segments<float>(shape, layout);
  return layout;
}

std::size_t gradient_size(const ModelShape& shape) {
  const ParameterLayout layout = model_layout(shape);
  if (!shape.tied) return layout.size();
  return layout.size() + tied_weights(layout, shape.vocabulary, shape.outputs()).size;
}

template <class Real>
class Network<Real>::Impl {
 public:
  Impl(const ModelShape& shape, const ParameterLayout& layout, const Real* parameters,
       const PassShape& pass, Allocations& memory)
      : layout(layout), tied(shape.tied) {
    ParameterLayout same;  // the same segments in the same places, to learn their positions
    const ModelSegments segments = add_segments<Real>(shape, same);
    const Cell<Real>& cell = find_cell<Real>(shape.cell);
    StageIdentities identities(shape.seed);
    const auto add = [this](auto stage) -> auto& {
      auto& reference = *stage;
      stages.push_back(std::move(stage));
      return reference;
    };
    auto& embedding = add(std::make_unique<Embedding<Real>>(layout, segments.embedding, parameters,
                                                            pass, memory, shape.dropout_embedding,
                                                            identities.next(StageKind::embedding)));
    Activations<Real> values = embedding.output();
    Activations<Real> gradient = embedding.output_gradient();
    const DistinctRows<Real>* tokens =
        lists_tokens(shape, pass) ? &embedding.list_tokens(pass, memory) : nullptr;
    const auto add_dropout = [&](double probability) {
      const StageIdentity identity = identities.next(StageKind::dropout);
      if (probability == 0 || !pass.training) return;
      auto& dropout = add(std::make_unique<Dropout<Real>>(
          probability, shape.dropout_locked, identity, values, gradient, pass, memory));
      values = dropout.output();
      gradient = dropout.output_gradient();
    };
    const auto add_penalty = [&](PenaltyKind kind, double weight) {
      if (weight == 0 || !pass.training) return;
      add(std::make_unique<Penalty<Real>>(kind, weight, values, gradient, pass));
    };
    for (int layer = 0; layer < shape.layers; ++layer) {
      add_dropout(layer == 0 ? shape.dropout_input : shape.dropout);
      const bool residual = shape.residual && layer > 0;
      auto& recurrent = add(std::make_unique<RecurrentLayer<Real>>(
          layout, segments.layers[static_cast<std::size_t>(layer)], cell, layer, parameters, values,
          gradient, pass, memory,
          RecurrentOptions{residual, shape.dropout_weights, shape.zoneout, shape.zoneout_cell,
                           shape.trained_initial_state, identities.next(StageKind::recurrent)},
          layer == 0 ? tokens : nullptr));
      if (residual) {
        auto& sum = add(std::make_unique<Residual<Real>>(
            values, gradient, recurrent.output(), recurrent.output_gradient(), pass, memory));
        values = sum.output();
      } else {
        values = recurrent.output();
      }
      gradient = recurrent.output_gradient();
    }
    add_penalty(PenaltyKind::temporal, shape.temporal_penalty);
    add_dropout(shape.dropout_output);
    add_penalty(PenaltyKind::activation, shape.activation_penalty);
    softmax =
        &add(std::make_unique<SoftmaxLayer<Real>>(layout, segments.output, parameters, values,
                                                  gradient, pass, memory, shape.label_smoothing));
  }

  const ParameterLayout& layout;
  bool tied;
  std::vector<std::unique_ptr<Stage<Real>>> stages;
  SoftmaxLayer<Real>* softmax = nullptr;
};

template <class Real>
Network<Real>::Network(const ModelShape& shape, const ParameterLayout& layout,
                       const Real* parameters, const PassShape& pass) {
  Allocations memory;
  impl_ = std::make_unique<Impl>(shape, layout, parameters, pass, memory);
}

template <class Real>
Network<Real>::~Network() = default;

template <class Real>
void Network<Real>::pack(ThreadPool& pool) {
  for (const auto& stage : impl_->stages) {
    pool.for_each(stage->pack_jobs(), [&](int job) { stage->pack_job(job); });
  }
}

template <class Real>
void Network<Real>::forward(const WindowView& window, ThreadPool& pool) {
  for (const int round : {0, 1}) {
    for (const auto& stage : impl_->stages) {
      const int jobs = stage->prepare_jobs(round);
      if (jobs == 0) continue;
      pool.for_each(jobs, [&](int job) { stage->prepare_job(round, job, window); });
    }
  }
  for (const auto& stage : impl_->stages) stage->begin_window(window);
  pool.run([&](int thread) {
    const LaneRange lanes = share_of(window, thread, pool.threads());
    if (lanes.begin == lanes.end) return;
    for (const auto& stage : impl_->stages) stage->forward(window, lanes);
  });
}

template <class Real>
int Network<Real>::stages() const {
  return static_cast<int>(impl_->stages.size());
}

template <class Real>
std::pair<std::size_t, std::size_t> Network<Real>::stage_range(int stage) const {
  return impl_->stages[static_cast<std::size_t>(stage)]->segment_range();
}

template <class Real>
void Network<Real>::backward(int stage, const WindowView& window, const GradientSums<Real>& sums,
                             ThreadPool& pool, BackwardListener& listener) {
  Stage<Real>& which = *impl_->stages[static_cast<std::size_t>(stage)];
  // Jobs are in stored order: what the first of them have finished leaves at once.
  const std::size_t begin = which.segment_range().first;
  std::size_t told = begin;
  int first = 0;
  for (int part = 0; part < which.parts(); ++part) {
    which.begin_part(part, window, sums);
    pool.run([&](int thread) {
      const LaneRange lanes = share_of(window, thread, pool.threads());
      BackwardListener nobody;
      if (lanes.begin < lanes.end) which.backward(window, lanes, thread == 0 ? listener : nobody);
    });
    const int last = which.jobs_after(part);
    pool.for_each(
        last - first, [&](int job) { which.gradient_job(first + job, window, sums); },
        [&](int jobs) {
          const std::size_t end = begin + which.final_after(first + jobs);
          if (end > told) listener.ready(told, end);
          told = end;
          listener.pause();
        });
    first = last;
  }
}

template <class Real>
void Network<Real>::finish_gradient(std::int64_t window, std::span<Real> gradient,
                                    ThreadPool& pool) const {
  for (const auto& stage : impl_->stages) {
    const int jobs = stage->finish_jobs();
    if (jobs == 0) continue;
    pool.for_each(jobs, [&](int job) { stage->finish_job(job, window, gradient.data()); });
  }
  if (!impl_->tied) return;
  const Segment& table = impl_->layout.first(Segment::Role::embedding);
  const Segment uses = tied_weights(impl_->layout, table.units, table.columns);
  const Panels classes{table.units};
  const kernels::StoredWeights<Real> output{classes, 1, table.columns,
                                            gradient.data() + uses.offset};
  pool.for_each(classes.count(), [&](int j) {
    kernels::add_to_rows(output, gradient.data() + table.offset, j, j + 1);
  });
}

template <class Real>
void Network<Real>::block_losses(const WindowView& window, int block, std::span<double> losses,
                                 std::span<std::int64_t> targets) {
  impl_->softmax->block_losses(window, block, losses, targets);
}

template <class Real>
void Network<Real>::logits(int t, int lane, std::span<Real> out) const {
  impl_->softmax->logits(t, lane, out);
}

template <class Real>
void Network<Real>::carry(const WindowView& window) {
  for (const auto& stage : impl_->stages) stage->carry(window);
}

template <class Real>
void Network<Real>::clear_state() {
  for (const auto& stage : impl_->stages) stage->clear_state();
}

template <class Real>
int Network<Real>::reset_non_finite() {
  int count = 0;
  for (const auto& stage : impl_->stages) count += stage->reset_non_finite();
  return count;
}

template <class Real>
void Network<Real>::save_state(const std::string& prefix, NamedState& state) const {
  for (const auto& stage : impl_->stages) stage->save_state(prefix, state);
}

template <class Real>
void Network<Real>::load_state(const std::string& prefix, const NamedState& state,
                               std::int64_t first_lane, std::int64_t all_lanes) {
  for (const auto& stage : impl_->stages) {
    stage->load_state(prefix, state, first_lane, all_lanes);
  }
}

template <class Real>
NetworkBytes Network<Real>::bytes(const ModelShape& shape, const PassShape& pass) {
  Allocations counted(Allocations::Kind::counted);
  const ParameterLayout layout = model_layout(shape);
  const Impl network(shape, layout, nullptr, pass, counted);
  return counted.bytes();
}

template <class Real>
std::uint64_t Network<Real>::logit_bytes(const ModelShape& shape, int lanes) {
  return SoftmaxLayer<Real>::step_values(shape.vocabulary, lanes) * sizeof(Real);
}

template class Network<float>;
template class Network<double>;

}  // namespace rondo
