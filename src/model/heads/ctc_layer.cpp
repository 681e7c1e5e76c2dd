#include "model/heads/ctc_layer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/lane_rows.hpp"
#include "rondo/core/exact_math.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

template <class Real>
CtcLayer<Real>::CtcLayer(const HeadPlaces<Real>& places, int targets, const PassShape& shape,
                         Allocations& memory)
    : LinearHead<Real>(places, shape, memory),
      targets_(targets),
      times_(static_cast<std::size_t>(shape.times)),
      labels_(static_cast<std::size_t>(std::max(0, shape.second_times - 1))) {
  const auto lanes = static_cast<std::size_t>(shape.lanes);
  weights_ = memory.make<double>(MemoryUse::logits, times_ * lanes);
  const std::size_t kept = this->trains() ? times_ * ctc::positions(labels_) : 0;
  const std::size_t a_lane = times_ * (labels_ + 1) + kept + ctc::room_for(labels_) +
                             2 * ctc::positions(labels_) + 2 * times_ +
                             2 * static_cast<std::size_t>(this->width());
  room_ = memory.make<double>(MemoryUse::logits, a_lane * lanes);
  room_for_labels_ = memory.make<std::int32_t>(MemoryUse::logits, labels_ * lanes);
}

template <class Real>
typename CtcLayer<Real>::Room CtcLayer<Real>::room_of(int lane) {
  const auto number = static_cast<std::size_t>(lane),
             lanes = static_cast<std::size_t>(this->all_lanes());
  std::span<double> rest = std::span(room_).subspan(room_.size() / lanes * number);
  const auto take = [&rest](std::size_t count) {
    const std::span<double> taken = rest.first(count);
    rest = rest.subspan(count);
    return taken;
  };
  const auto classes = static_cast<std::size_t>(this->width());
  Room room;
  room.labels = std::span(room_for_labels_).subspan(labels_ * number, labels_);
  room.scores = take(times_ * (labels_ + 1));
  room.forward = take(this->trains() ? times_ * ctc::positions(labels_) : 0);
  room.rows = take(ctc::room_for(labels_) + 2 * ctc::positions(labels_));
  room.most = take(times_);
  room.sums = take(times_);
  room.classes = take(classes);
  room.other = take(classes);
  return room;
}

// Steps [begin, end) teach nothing.
template <class Real>
void CtcLayer<Real>::clear(int lane, int begin, int end) {
  for (int t = begin; t < end; ++t) {
    this->losses(t)[lane] = 0;
    weights_[this->row(t, lane)] = 0;
    if (!this->trains()) continue;
    for_each_row(this->units(), this->all_lanes(), {lane, lane + 1},
                 [&](int, int, std::size_t at, std::size_t width) {
                   std::fill_n(this->said(t) + at, width, Real{0});
                 });
  }
}

template <class Real>
void CtcLayer<Real>::forward(const WindowView& window, LaneRange lanes) {
  this->say(window, lanes);
  Room room = room_of(lanes.begin);
  const WindowView own = window.of_lanes(lanes.begin, lanes.end);
  const std::span<const Span> spans = own.spans(), targets = own.on(1).spans();
  std::size_t i = 0;
  for (int lane = lanes.begin; lane < lanes.end; ++lane) {
    int next = 0;
    for (; i < spans.size() && spans[i].lane - window.rank_lane == lane; ++i) {
      clear(lane, next, spans[i].first);
      forward_span(window, spans[i], targets[i], room);
      next = spans[i].last() + 1;
    }
    clear(lane, next, window.times);
  }
}

template <class Real>
void CtcLayer<Real>::forward_span(const WindowView& window, const Span& span, const Span& target,
                                  Room& room) {
  const int lane = span.lane - window.rank_lane;
  const WindowView said = window.on(1);
  const std::int32_t* const tokens = said.tokens(targets_);
  const auto token = [&](int t) { return tokens[said.row(t) + static_cast<std::size_t>(lane)]; };
  const std::span<std::int32_t> labels =
      room.labels.first(static_cast<std::size_t>(target.length) - 1);
  for (int t = target.first; t < target.last(); ++t) {
    labels[static_cast<std::size_t>(t - target.first)] = token(t);
  }
  if (token(target.first) < 0 || steps_to_spell(labels) > span.length) {
    return clear(lane, span.first, span.last() + 1);
  }
  for (int t = span.first; t <= span.last(); ++t) {
    this->losses(t)[lane] = weights_[this->row(t, lane)] = 0;
  }
  double& loss = this->losses(span.last())[lane];
  weights_[this->row(span.last(), lane)] = 1;
  if (!read_scores(lane, span, labels, room)) {
    loss = not_a_number;  // in place of gradients the outputs stay, not all of which are numbers
    return;
  }
  const ctc::Lattice lattice{labels, span.length, room.scores};
  if (!this->trains()) {
    loss = -ctc::log_probability(lattice, room.rows);
    return;
  }
  const double log_probability = ctc::log_probability(lattice, room.forward, room.rows);
  loss = -log_probability;
  ctc::occupancies(lattice, room.forward, log_probability, room.rows);
  write_gradient(lane, span, labels, room);
}

template <class Real>
void CtcLayer<Real>::read_outputs(int t, int lane, std::span<double> to) {
  const Real* const step = this->said(t);
  const Panels& units = this->units();
  for (int p = 0; p < units.count(); ++p) {
    const Real* const from = step + units.index(lane, p * Panels::full, this->all_lanes());
    std::copy_n(from, units.valid(p), to.data() + p * Panels::full);
  }
}

template <class Real>
bool CtcLayer<Real>::read_scores(int lane, const Span& span, std::span<const std::int32_t> labels,
                                 Room& room) {
  const std::size_t width = labels.size() + 1;
  for (std::size_t t = 0; t < static_cast<std::size_t>(span.length); ++t) {
    read_outputs(span.first + static_cast<int>(t), lane, room.classes);
    const double most = *std::ranges::max_element(room.classes);
    bool is_finite = true;
    for (std::size_t c = 0; c < room.classes.size(); ++c) {
      is_finite = is_finite && std::isfinite(room.classes[c]);
      room.other[c] = room.classes[c] - most;
    }
    if (!is_finite) return false;
    kernels::exp<double>(room.other, room.other);
    room.most[t] = most;
    room.sums[t] = kernels::sum(room.other);
    const double log_sum = exact::log(room.sums[t]);
    const auto score = [&](int c) {
      return room.classes[static_cast<std::size_t>(c)] - most - log_sum;
    };
    double* const scores = room.scores.data() + t * width;
    scores[0] = score(blank());
    for (std::size_t i = 0; i < labels.size(); ++i) scores[i + 1] = score(labels[i]);
  }
  return true;
}

template <class Real>
void CtcLayer<Real>::write_gradient(int lane, const Span& span,
                                    std::span<const std::int32_t> labels, Room& room) {
  const std::size_t width = labels.size() + 1;
  const Panels& units = this->units();
  for (std::size_t t = 0; t < static_cast<std::size_t>(span.length); ++t) {
    const int time = span.first + static_cast<int>(t);
    read_outputs(time, lane, room.classes);
    for (double& value : room.classes) value -= room.most[t];
    kernels::exp<double>(room.classes, room.classes);
    const double* const shares = room.scores.data() + t * width;
    std::ranges::fill(room.other, 0.0);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      room.other[static_cast<std::size_t>(labels[i])] += shares[i + 1];
    }
    room.other[static_cast<std::size_t>(blank())] = shares[0];
    Real* const step = this->said(time);
    for (int p = 0; p < units.count(); ++p) {
      Real* const to = step + units.index(lane, p * Panels::full, this->all_lanes());
      for (int u = 0; u < units.valid(p); ++u) {
        const auto c = static_cast<std::size_t>(p * Panels::full + u);
        to[u] = flushed(static_cast<Real>(room.classes[c] / room.sums[t] - room.other[c]));
      }
    }
  }
}

template class CtcLayer<float>;
template class CtcLayer<double>;

}  // namespace rondo
