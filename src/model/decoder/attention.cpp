#include "model/decoder/attention.hpp"

#include <algorithm>

#include "model/lane_rows.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo {

AttentionSegments add_attention(ParameterLayout& layout, AttentionKind kind, int states, int hidden,
                                int units) {
  AttentionSegments segments;
  if (kind == AttentionKind::additive) {
    segments.query = add_linear(layout, "attention.query", units, hidden, false);
    Segment score;
    score.name = "attention.score";
    score.role = Segment::Role::attention_score;
    score.units = units;
    score.vector = true;
    score.meaning = "v of a score v . tanh(query + key)";
    segments.score = layout.add(score);
  }
  segments.context = add_linear(layout, "attention.context", hidden, states, false);
  segments.hidden = add_linear(layout, "attention.hidden", hidden, hidden, false);
  return segments;
}

template <class Real>
Attention<Real>::Attention(const ParameterLayout& layout, const AttentionSegments& segments,
                           const Real* parameters, const AttentionPlaces<Real>& places,
                           const PassShape& pass, int source_times, Allocations& memory)
    : places_(places),
      score_(segments.score ? &layout[*segments.score] : nullptr),
      parameters_(parameters),
      lanes_(pass.lanes),
      weights_stride_(static_cast<std::size_t>(Panels{source_times}.padded())),
      sources_(places.source_axis, pass, memory) {
  const int units = places.keys.panels.units, hidden = places.hidden.panels.units;
  const auto values = [&](std::size_t size) {
    return memory.make<Real>(MemoryUse::activations, size);
  };
  const auto lanes = static_cast<std::size_t>(pass.lanes);
  weights_ = values(weights_stride_ * lanes * static_cast<std::size_t>(pass.times));
  if (additive()) query_ = {units, pass, memory};
  context_ = {places.states.panels.units, pass, memory};
  output_ = {hidden, pass, memory};
  if (pass.training) {
    weights_gradient_ = values(weights_stride_ * lanes);
    if (additive()) query_gradient_ = {units, pass, memory};
    if (additive()) scored_ = {units, pass, memory};
    context_gradient_ = {places.states.panels.units, pass, memory};
    output_gradient_ = {hidden, pass, memory};
  }
  const auto matrix = [&](std::optional<Linear<Real>>& to, const LinearSegments& its,
                          const LinearPlaces<Real>& where) {
    to.emplace(layout, its, parameters, where, pass, memory);
  };
  if (additive()) {
    matrix(query_matrix_, *segments.query,
           {.input = places.hidden,
            .input_gradient = places.hidden_gradient,
            .output = query_.view(),
            .output_gradient = query_gradient_.view(),
            .resumes_gradient = true,
            .flush = true});
    score_gradient_.emplace(*score_, scored_.view(), pass.lanes);
  }
  matrix(context_matrix_, segments.context,
         {.input = context_.view(),
          .input_gradient = context_gradient_.view(),
          .output = output_.view(),
          .output_gradient = output_gradient_.view()});
  matrix(hidden_matrix_, segments.hidden,
         {.input = places.hidden,
          .input_gradient = places.hidden_gradient,
          .output = output_.view(),
          .output_gradient = output_gradient_.view(),
          .resumes = true,
          .resumes_gradient = places.hidden_goes_on});
}

template <class Real>
kernels::AttentionStep<Real> Attention<Real>::step(int t, int lane) {
  const SourceSpan& source = sources_.at(t, lane);
  kernels::AttentionStep<Real> step;
  step.units = places_.keys.panels;
  step.state_units = places_.states.panels;
  step.lanes = lanes_;
  step.lane = lane;
  step.source_lane = source.lane;
  step.positions = source.length;
  step.query = query().at(t);
  step.keys = places_.keys.at(source.first);
  step.key_stride = places_.keys.stride;
  step.states = places_.states.at(source.first);
  step.state_stride = places_.states.stride;
  if (additive()) step.score = parameters_ + score_->offset;
  step.weights = weights_.data() + weights_at(t, lane);
  return step;
}

template <class Real>
kernels::AttentionGradients<Real> Attention<Real>::gradients(int t, int lane) {
  const SourceSpan& source = sources_.at(t, lane);
  kernels::AttentionGradients<Real> gradients;
  gradients.context = context_gradient_.view().at(t);
  gradients.states = places_.states_gradient.at(source.first);
  gradients.keys = places_.keys_gradient.at(source.first);
  gradients.query = query_gradient().at(t);
  gradients.weights = weights_gradient_.data() + weights_at(0, lane);
  if (additive()) gradients.score = scored_.view().at(t);
  return gradients;
}

template <class Real>
void Attention<Real>::forward(TimeRange times, LaneRange lanes) {
  if (query_matrix_) query_matrix_->forward(times, lanes);
  const Activations<Real> context = context_.view(), out = output_.view();
  for (int lane = lanes.begin; lane < lanes.end; ++lane) {
    for (int t = times.begin; t < times.end; ++t) {
      if (sources_.at(t, lane).length > 0) {
        kernels::attend_step(step(t, lane), context.at(t));
        continue;
      }
      for_each_row(context.panels, lanes_, {lane, lane + 1},
                   [&](int, int, std::size_t at, std::size_t width) {
                     std::fill_n(context.at(t) + at, width, Real{0});
                   });
    }
  }
  context_matrix_->forward(times, lanes);
  hidden_matrix_->forward(times, lanes);
  for (int t = times.begin; t < times.end; ++t) {
    for_each_panel(out.panels, lanes_, lanes, [&](std::size_t at, std::size_t count) {
      const std::span<Real> rows(out.at(t) + at, count);
      kernels::tanh<Real>(rows, rows);
      kernels::flush_small(rows);
    });
  }
}

template <class Real>
void Attention<Real>::begin_backward(const WindowView& window, LaneRange lanes) {
  const int times = window.on(places_.source_axis).times;
  if (!places_.states_go_on) clear_rows(places_.states_gradient, times, lanes_, lanes);
  if (places_.keys_gradient.data == places_.states_gradient.data) return;
  clear_rows(places_.keys_gradient, times, lanes_, lanes);
}

template <class Real>
void Attention<Real>::backward(TimeRange times, LaneRange lanes) {
  const Activations<Real> out = output_.view(), gradient = output_gradient_.view();
  for (int t = times.begin; t < times.end; ++t) {
    for_each_panel(out.panels, lanes_, lanes, [&](std::size_t at, std::size_t count) {
      Real* const to = gradient.at(t) + at;
      const Real* const values = out.at(t) + at;
      for (std::size_t i = 0; i < count; ++i) {
        to[i] = flushed(to[i] * (1 - values[i] * values[i]));
      }
    });
  }
  context_matrix_->backward(times, lanes);
  hidden_matrix_->backward(times, lanes);
  if (additive()) {
    for (const Activations<Real>& rows : {query_gradient_.view(), scored_.view()}) {
      for (int t = times.begin; t < times.end; ++t) {
        for_each_panel(rows.panels, lanes_, lanes, [&](std::size_t at, std::size_t count) {
          std::fill_n(rows.at(t) + at, count, Real{0});
        });
      }
    }
  }
  for (int lane = lanes.begin; lane < lanes.end; ++lane) {
    for (int t = times.end - 1; t >= times.begin; --t) {
      if (sources_.at(t, lane).length == 0) continue;
      kernels::attend_step_backward(step(t, lane), gradients(t, lane));
    }
  }
  if (query_matrix_) query_matrix_->backward(times, lanes);
}

template <class Real>
void Attention<Real>::finish_backward(const WindowView& window, LaneRange lanes) {
  const auto flush = [&](const Activations<Real>& values) {
    for (int t = 0; t < window.on(places_.source_axis).times; ++t) {
      for_each_panel(values.panels, lanes_, lanes, [&](std::size_t at, std::size_t count) {
        kernels::flush_small<Real>({values.at(t) + at, count});
      });
    }
  };
  flush(places_.states_gradient);
  if (places_.keys_gradient.data != places_.states_gradient.data) flush(places_.keys_gradient);
}

template <class Real>
std::vector<const SegmentGradient<Real>*> Attention<Real>::segment_gradients() const {
  std::vector<const SegmentGradient<Real>*> segments;
  const auto add = [&](const std::optional<Linear<Real>>& matrix) {
    if (!matrix) return;
    for (const SegmentGradient<Real>* segment : matrix->segment_gradients()) {
      segments.push_back(segment);
    }
  };
  add(query_matrix_);
  if (score_gradient_) segments.push_back(&*score_gradient_);
  add(context_matrix_);
  add(hidden_matrix_);
  return segments;
}

template <class Real>
int Attention<Real>::pack_jobs() const {
  return (query_matrix_ ? query_matrix_->packed().pack_jobs() : 0) +
         context_matrix_->packed().pack_jobs() + hidden_matrix_->packed().pack_jobs();
}

template <class Real>
void Attention<Real>::pack_job(int job) {
  for (std::optional<Linear<Real>>* matrix : {&query_matrix_, &context_matrix_, &hidden_matrix_}) {
    if (!*matrix) continue;
    PackedWeights<Real>& packed = (*matrix)->packed();
    if (job < packed.pack_jobs()) return packed.pack_job(job);
    job -= packed.pack_jobs();
  }
}

template class Attention<float>;
template class Attention<double>;

}  // namespace rondo
