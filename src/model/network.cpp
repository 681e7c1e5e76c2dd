#include "rondo/model/network.hpp"

#include <algorithm>

#include "model/network_stages.hpp"

namespace rondo {
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
  const int last = *std::ranges::max_element(impl_->axes);
  for (std::size_t i = 0; i < impl_->stages.size(); ++i) {
    if (impl_->axes[i] == last) impl_->stages[i]->reorder(from);
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
int Network<Real>::head_axis() const {
  return impl_->head_axes.front();
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
