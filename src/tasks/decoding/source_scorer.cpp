#include "tasks/decoding/source_scorer.hpp"

#include <algorithm>
#include <numeric>

namespace rondo::tasks {
namespace {

PassShape pass_of(int lanes, int times) {
  PassShape pass{lanes, times, false};
  pass.second_times = 1;
  pass.stepwise = true;
  return pass;
}

}  // namespace

template <class Real>
NetworkScorer<Real>::NetworkScorer(const NetworkPlan& plan, const ParameterLayout& layout,
                                   const Real* parameters, int lanes, int times, ThreadPool& pool)
    : pool_(pool), lanes_(lanes), network_(plan, layout, parameters, pass_of(lanes, times)) {
  network_.pack(pool);
  step_.axes.resize(2);
  step_.axes[1].times = 1;
  step_.axes[1].tokens.resize(2);
}

template <class Real>
void NetworkScorer<Real>::read(const Window& window) {
  network_.clear_state();
  network_.forward_axis(0, WindowView(window, 0), pool_);
}

template <class Real>
void NetworkScorer<Real>::choose(std::span<const Span> sources) {
  step_.axes[0].spans.assign(sources.begin(), sources.end());
}

template <class Real>
void NetworkScorer<Real>::begin(std::span<const std::int32_t> sources) {
  said_ = 0;
  read_.clear();
  for (const std::int32_t source : sources) {
    read_.push_back(step_.axes[0].spans[static_cast<std::size_t>(source)].sequence);
  }
}

template <class Real>
void NetworkScorer<Real>::reorder(std::span<const std::int32_t> from) {
  std::vector<std::int64_t> read;
  for (const std::int32_t lane : from) read.push_back(read_[static_cast<std::size_t>(lane)]);
  read_ = std::move(read);
  from_.resize(static_cast<std::size_t>(lanes_));
  std::iota(from_.begin(), from_.end(), 0);  // of lanes that nobody has
  std::ranges::copy(from, from_.begin());
  network_.reorder(from_);
}

template <class Real>
void NetworkScorer<Real>::step(std::span<const std::int32_t> symbols) {
  const std::size_t lanes = symbols.size();
  step_.lanes = static_cast<int>(lanes);
  // Where a source lies its span says; they are found whichever lanes ask for them.
  WindowAxis& read = step_.axes[0];
  read.begins.assign(lanes + 1, static_cast<std::int32_t>(read.spans.size()));
  read.begins[0] = 0;
  WindowAxis& say = step_.axes[1];
  say.resets.assign(lanes, said_ == 0 ? 1 : 0);
  say.tokens[before_column].assign(symbols.begin(), symbols.end());
  say.tokens[said_column].assign(lanes, -1);
  say.begins.resize(lanes + 1);
  std::iota(say.begins.begin(), say.begins.end(), 0);
  say.spans.clear();
  say.owners.clear();
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    say.spans.push_back({read_[lane], static_cast<std::int32_t>(lane), 0, 1, said_});
    say.owners.push_back({static_cast<std::int32_t>(read_[lane]), said_});
  }
  network_.forward_axis(1, WindowView(step_, 0), pool_);
  ++said_;
}

template <class Real>
void NetworkScorer<Real>::logits(int lane, std::span<double> to) const {
  std::vector<Real> own(to.size());
  network_.outputs(0, lane, own);
  std::ranges::copy(own, to.begin());
}

template <class Real>
std::vector<float> NetworkScorer<Real>::attention(int lane) const {
  const std::span<const Real> weights = network_.attention(0, lane);
  std::vector<float> own;
  for (const Real weight : weights) own.push_back(static_cast<float>(weight));
  return own;
}

template class NetworkScorer<float>;
template class NetworkScorer<double>;

}  // namespace rondo::tasks
