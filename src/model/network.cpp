#include "rondo/model/network.hpp"

#include <algorithm>

#include "model/plans/stage_plan.hpp"

namespace rondo {
namespace {

// A thread's share of a window's lanes: neighbours, as equal as can be.
LaneRange share_of(const WindowView& window, int thread, int threads) {
  return {window.lanes * thread / threads, window.lanes * (thread + 1) / threads};
}

}  // namespace

// For each signal the last stage that reads it.
std::vector<int> last_readers(const NetworkPlan& plan) {
  std::vector<int> readers(static_cast<std::size_t>(plan.signals()), -1);
  for (std::size_t stage = 0; stage < plan.stages().size(); ++stage) {
    for (const Signal signal : plan.stages()[stage]->inputs()) {
      readers[static_cast<std::size_t>(signal.number)] = static_cast<int>(stage);
    }
  }
  return readers;
}

template <class Real>
class Network<Real>::Impl {
 public:
  Impl(const NetworkPlan& plan, const ParameterLayout& layout, const Real* parameters,
       const PassShape& pass, Allocations& memory) {
    std::vector<StageSegments> segments;
    ParameterLayout same;  // the same segments in the same places, to learn their positions
    for (const auto& stage : plan.stages()) segments.push_back(stage->add_segments(same));
    StageBuilder<Real> builder{
        layout,
        segments,
        parameters,
        pass,
        pass,
        memory,
        StageIdentities(plan.seed()),
        std::vector<typename StageBuilder<Real>::Wire>(static_cast<std::size_t>(plan.signals())),
        {},
        nullptr,
        last_readers(plan)};
    for (const auto& stage : plan.stages()) {
      builder.pass = pass.on(stage->axis());
      std::unique_ptr<Stage<Real>> built = stage->build(builder);
      head_axes.resize(builder.heads.size(), stage->axis());
      if (built) {
        stages.push_back(std::move(built));
        axes.push_back(stage->axis());
      }
      ++builder.stage;
    }
    heads = std::move(builder.heads);
    attention = builder.attention;
    if (pass.window > 0) piece = pass.piece();
  }

  void forward(const WindowView& window, ThreadPool& pool, int axis = every);
  void backward(int stage, const WindowView& window, const GradientSums<Real>& sums,
                ThreadPool& pool, BackwardListener& listener);
  void forward_in_pieces(const WindowView& window, ThreadPool& pool);
  void backward_in_pieces(const WindowView& window, const GradientSums<Real>& sums,
                          ThreadPool& pool, BackwardListener& listener);
  // Calls use(stage, its view of the window) for each stage of an axis.
  static constexpr int every = -1;
  template <class Use>
  void for_each(const WindowView& window, const Use& use, int axis = every) const {
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if (axis == every || axes[i] == axis) use(*stages[i], view_of(i, window));
    }
  }
  static WindowView view_on(int axis, const WindowView& window) {
    return axis == window.axis ? window : window.on(axis);
  }
  WindowView view_of(std::size_t stage, const WindowView& window) const {
    return view_on(axes[stage], window);
  }
  // As a head sees it.
  WindowView view_of_head(std::size_t head, const WindowView& window) const {
    return view_on(head_axes[head], window);
  }

  std::vector<std::unique_ptr<Stage<Real>>> stages;
  std::vector<int> axes;  // of the stages
  std::vector<Head<Real>*> heads;
  std::vector<int> head_axes;
  AttentionWeights<Real>* attention = nullptr;  // null: there is none
  int piece = 0;  // time steps that windows are gone through by; 0: they are taken whole
};

template <class Real>
Network<Real>::Network(const NetworkPlan& plan, const ParameterLayout& layout,
                       const Real* parameters, const PassShape& pass) {
  Allocations memory;
  impl_ = std::make_unique<Impl>(plan, layout, parameters, pass, memory);
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
void Network<Real>::Impl::forward(const WindowView& window, ThreadPool& pool, int axis) {
  for (const int round : {0, 1}) {
    for_each(
        window,
        [&](Stage<Real>& stage, const WindowView& own) {
          const int jobs = stage.prepare_jobs(round);
          if (jobs == 0) return;
          pool.for_each(jobs, [&](int job) { stage.prepare_job(round, job, own); });
        },
        axis);
  }
  for_each(
      window, [](Stage<Real>& stage, const WindowView& own) { stage.begin_window(own); }, axis);
  pool.run([&](int thread) {
    const LaneRange lanes = share_of(window, thread, pool.threads());
    if (lanes.begin == lanes.end) return;
    for_each(
        window, [&](Stage<Real>& stage, const WindowView& own) { stage.forward(own, lanes); },
        axis);
  });
}

template <class Real>
void Network<Real>::Impl::forward_in_pieces(const WindowView& window, ThreadPool& pool) {
  int number = 0;
  const auto keep = [&] {
    for (const auto& stage : stages) stage->keep_state(number, window);
    ++number;
  };
  for (int begin = 0; begin < window.times; begin += piece) {
    const WindowView part = window.of_times(begin, std::min(begin + piece, window.times));
    keep();
    forward(part, pool);
    for (const auto& stage : stages) stage->carry(part);
  }
  keep();  // what the lanes carry when all is done
}

// The last piece is in memory still; each other is gone through once more, and one step further, as
// that step's gradient at the state that it enters with is asked for now.
template <class Real>
void Network<Real>::Impl::backward_in_pieces(const WindowView& window,
                                             const GradientSums<Real>& sums, ThreadPool& pool,
                                             BackwardListener& listener) {
  struct Pauses final : BackwardListener {
    explicit Pauses(BackwardListener& whose) : listener(whose) {}
    void pause() override { listener.pause(); }
    BackwardListener& listener;
  } pauses(listener);
  GradientSums<Real> going_on = sums;
  const int pieces = (window.times + piece - 1) / piece;
  for (int number = pieces - 1; number >= 0; --number) {
    const int begin = number * piece, end = std::min(begin + piece, window.times);
    const bool last = number + 1 == pieces;
    if (!last) {
      for (const auto& stage : stages) stage->return_state(number, window);
      forward(window.of_times(begin, end + 1), pool);
    }
    going_on.resumes = !last;
    for (int stage = static_cast<int>(stages.size()) - 1; stage >= 0; --stage) {
      backward(stage, window.of_times(begin, end), going_on, pool, pauses);
    }
  }
  for (const auto& stage : stages) stage->return_state(pieces, window);
}

template <class Real>
void Network<Real>::forward(const WindowView& window, ThreadPool& pool) {
  impl_->piece > 0 ? impl_->forward_in_pieces(window, pool) : impl_->forward(window, pool);
}

template <class Real>
void Network<Real>::forward_axis(int axis, const WindowView& window, ThreadPool& pool) {
  impl_->forward(window, pool, axis);
  impl_->for_each(
      window, [](Stage<Real>& stage, const WindowView& own) { stage.carry(own); }, axis);
}

template <class Real>
void Network<Real>::reorder(std::span<const int> from) {
  for (std::size_t i = 0; i < impl_->stages.size(); ++i) {
    if (impl_->axes[i] != 0) impl_->stages[i]->reorder(from);
  }
}

template <class Real>
std::span<const Real> Network<Real>::attention(int t, int lane) const {
  if (impl_->attention == nullptr) return {};
  return impl_->attention->weights(t, lane);
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
void Network<Real>::backward(int stage, const WindowView& whole, const GradientSums<Real>& sums,
                             ThreadPool& pool, BackwardListener& listener) {
  if (impl_->piece == 0) return impl_->backward(stage, whole, sums, pool, listener);
  // All stages' gradients are final with the first piece's.
  if (stage + 1 == stages()) impl_->backward_in_pieces(whole, sums, pool, listener);
  const Stage<Real>& which = *impl_->stages[static_cast<std::size_t>(stage)];
  const std::size_t begin = which.segment_range().first;
  const std::size_t end = begin + which.final_after(which.gradient_jobs());
  if (end > begin) listener.ready(begin, end);
}

template <class Real>
void Network<Real>::Impl::backward(int stage, const WindowView& whole,
                                   const GradientSums<Real>& sums, ThreadPool& pool,
                                   BackwardListener& listener) {
  const WindowView window = view_of(static_cast<std::size_t>(stage), whole);
  Stage<Real>& which = *stages[static_cast<std::size_t>(stage)];
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
void Network<Real>::watch(GradientWatcher& watcher) {
  for (std::size_t i = 0; i < impl_->stages.size(); ++i) {
    impl_->stages[i]->watch(watcher, impl_->axes[i]);
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
}

template <class Real>
void Network<Real>::block_losses(const WindowView& window, int block, std::span<double> losses,
                                 std::span<double> weights) {
  impl_->heads.front()->block_losses(impl_->view_of_head(0, window), block, losses, weights);
  if (impl_->heads.size() == 1) return;
  std::vector<double> more(losses.size()), counted(losses.size());
  for (std::size_t head = 1; head < impl_->heads.size(); ++head) {
    impl_->heads[head]->block_losses(impl_->view_of_head(head, window), block, more, counted);
    for (std::size_t b = 0; b < losses.size(); ++b) losses[b] += more[b];
  }
}

template <class Real>
int Network<Real>::outputs() const {
  return impl_->heads.front()->width();
}

template <class Real>
void Network<Real>::outputs(int t, int lane, std::span<Real> out) const {
  impl_->heads.front()->outputs(t, lane, out);
}

template <class Real>
double Network<Real>::loss(int t, int lane) const {
  return impl_->heads.front()->loss(t, lane);
}

template <class Real>
double Network<Real>::weight(const WindowView& window, int t, int lane) const {
  return impl_->heads.front()->weight(impl_->view_of_head(0, window), t, lane);
}

template <class Real>
std::int32_t Network<Real>::likeliest(int t, int lane) const {
  return impl_->heads.front()->likeliest(t, lane);
}

template <class Real>
const kernels::NumberLoss* Network<Real>::number_loss() const {
  return impl_->heads.front()->number_loss();
}

template <class Real>
void Network<Real>::carry(const WindowView& window) {
  if (impl_->piece > 0) return;  // has been, piece by piece
  impl_->for_each(window, [](Stage<Real>& stage, const WindowView& own) { stage.carry(own); });
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
NetworkBytes Network<Real>::bytes(const NetworkPlan& plan, const PassShape& pass) {
  Allocations counted(Allocations::Kind::counted);
  const ParameterLayout layout = plan.layout();
  const Impl network(plan, layout, nullptr, pass, counted);
  return counted.bytes();
}

template <class Real>
std::uint64_t Network<Real>::logit_bytes(const NetworkPlan& plan, int lanes) {
  Allocations counted(Allocations::Kind::counted);
  const ParameterLayout layout = plan.layout();
  const Impl network(plan, layout, nullptr, {.lanes = 1, .times = 1, .training = false}, counted);
  std::uint64_t bytes = 0;
  for (const Head<Real>* head : network.heads) bytes += head->step_bytes(lanes);
  return bytes;
}

template class Network<float>;
template class Network<double>;

}  // namespace rondo
