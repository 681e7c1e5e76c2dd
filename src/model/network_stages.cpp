#include "model/network_stages.hpp"

#include <algorithm>

namespace rondo {
namespace {

// A thread's share of a window's lanes: neighbours, as equal as can be.
LaneRange share_of(const WindowView& window, int thread, int threads) {
  return {window.lanes * thread / threads, window.lanes * (thread + 1) / threads};
}

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

}  // namespace

template <class Real>
Network<Real>::Impl::Impl(const NetworkPlan& plan, const ParameterLayout& layout,
                          const Real* parameters, const PassShape& pass, Allocations& memory) {
  std::vector<StageSegments> segments;
  ParameterLayout same;  // the same segments in the same places, to learn their positions
  for (const auto& stage : plan.stages()) segments.push_back(stage->add_segments(same));
  PassShape whole = pass;
  whole.thinning = plan.thinning();
  StageBuilder<Real> builder{
      layout,
      segments,
      parameters,
      whole,
      whole,
      memory,
      StageIdentities(plan.seed()),
      std::vector<typename StageBuilder<Real>::Wire>(static_cast<std::size_t>(plan.signals())),
      {},
      nullptr,
      last_readers(plan)};
  for (const auto& stage : plan.stages()) {
    builder.pass = whole.on(stage->axis());
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

template class Network<float>::Impl;
template class Network<double>::Impl;

}  // namespace rondo
