#include "model/decoder/feeding_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/lane_rows.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo {
namespace {

// Calls body(part, job of it) for the part that a job of all parts is of.
template <class Parts, class Count, class Body>
void with_part_of(Parts& parts, int job, Count count, Body body) {
  for (auto& part : parts) {
    const int jobs = count(*part);
    if (job < jobs) return body(*part, job);
    job -= jobs;
  }
}

}  // namespace

template <class Real>
std::size_t add_feeding(ParameterLayout& layout, const Cell<Real>& cell, const LayerName& layer,
                        const RecurrentWidths& widths) {
  Segment segment;
  segment.name = fmt::format("{}.weight_fh_l{}", layer.stack, layer.number);
  segment.role = Segment::Role::input_weights;
  segment.groups = static_cast<int>(cell.input_slots.size());
  segment.units = widths.units;
  segment.columns = widths.outputs;
  segment.meaning = "gates: " + cell.gate_order;
  return layout.add(segment);
}

template <class Real>
FeedingDecoder<Real>::FeedingDecoder(const ParameterLayout& layout, const FeedingSegments& segments,
                                     const FeedingLayers<Real>& layers, const Real* parameters,
                                     Activations<Real> target, Activations<Real> target_gradient,
                                     const DistinctRows<Real>* tokens, AttentionPlaces<Real> places,
                                     const PassShape& pass, int source_times, Allocations& memory)
    : lanes_(pass.lanes) {
  const Panels outputs{layout[segments.layers.front().recurrent_weights].columns};
  // The gradient at a step that is at work.
  const auto one_step = [&](Buffer<Real>& to) -> Activations<Real> {
    if (!pass.training) return {nullptr, 0, outputs};
    to = memory.make<Real>(MemoryUse::activations, outputs.step_size(pass.lanes));
    return {to.empty() ? nullptr : to.data(), 0, outputs};
  };
  const std::size_t count = segments.layers.size();
  below_gradients_.resize(count + 1);
  Activations<Real> below = target, below_gradient = target_gradient;
  for (std::size_t k = 0; k < count; ++k) {
    dropouts_.emplace_back();
    if (k > 0 && layers.dropout > 0 && pass.training) {
      dropouts_.back() =
          std::make_unique<Dropout<Real>>(layers.dropout, layers.locked, layers.dropped[k - 1],
                                          below, below_gradient, pass, memory);
      below = dropouts_.back()->output();
    }
    layers_.push_back(std::make_unique<Layer>(
        layout, segments.layers[k], *layers.cell, LayerName{static_cast<int>(k), layers.stack},
        parameters, below, below_gradient, pass, memory, layers.options[k],
        k == 0 ? tokens : nullptr, layers.given[k]));
    below = layers_.back()->output();
    below_gradient = one_step(below_gradients_[k + 1]);
  }
  fed_ = {outputs.units, pass, memory};
  Layer& first = *layers_.front();
  feeding_.emplace(first.shape(), layout[segments.feeding], layout[segments.layers.front().bias],
                   parameters, fed_.view(), one_step(fed_gradient_), kernels::Start::zero, nullptr,
                   pass, memory, true);
  feeding_gradient_.emplace(layout[segments.feeding], layers.cell->input_slots, feeding_->source(),
                            first.gates());
  places.hidden = top().output();
  places.hidden_gradient = below_gradient;
  places.hidden_goes_on = false;
  attention_.emplace(layout, segments.attention, parameters, places, pass, source_times, memory);
  if (pass.stepwise) carried_.emplace(outputs, pass, memory);
  rest_ = SegmentJobs<Real>({&*feeding_gradient_});
  rest_.add(attention_->segment_gradients());
}

template <class Real>
int FeedingDecoder<Real>::prepare_jobs(int round) const {
  int jobs = 0;
  for (const auto& layer : layers_) jobs += layer->prepare_jobs(round);
  return jobs;
}

template <class Real>
void FeedingDecoder<Real>::prepare_job(int round, int job, const WindowView& window) {
  with_part_of(
      layers_, job, [&](const Layer& layer) { return layer.prepare_jobs(round); },
      [&](Layer& layer, int own) { layer.prepare_job(round, own, window); });
}

template <class Real>
void FeedingDecoder<Real>::begin_window(const WindowView& window) {
  for (const auto& layer : layers_) layer->begin_window(window);
  attention_->begin_window(window);
  if (carried_) carried_->fetch(window, fed_.view().at(0));
}

template <class Real>
void FeedingDecoder<Real>::forward(const WindowView& window, LaneRange lanes) {
  for (const auto& layer : layers_) layer->begin_lanes(lanes);
  const int together = steps_together(lanes);
  for (int begin = 0; begin < window.times; begin += together) {
    const int end = std::min(begin + together, window.times);
    layers_.front()->forward_inputs({begin, end}, lanes);
    for (int t = begin; t < end; ++t) forward_step(window, t, lanes);
  }
}

template <class Real>
void FeedingDecoder<Real>::feed(int t, LaneRange lanes) {
  const Activations<Real> fed = fed_.view(), made = output();
  const std::uint8_t* const resets = top().resets().at(t);
  for_each_row(fed.panels, lanes_, lanes, [&](int, int lane, std::size_t at, std::size_t width) {
    if (resets[lane] != 0) {
      std::fill_n(fed.at(t) + at, width, Real{0});
    } else if (t > 0) {
      std::copy_n(made.at(t - 1) + at, width, fed.at(t) + at);
    }  // else it is carried, and there
  });
}

template <class Real>
void FeedingDecoder<Real>::forward_step(const WindowView& window, int t, LaneRange lanes) {
  feed(t, lanes);
  const Layer& first = *layers_.front();
  feeding_->forward({t, t + 1}, lanes, first.gates(), first.tokens());
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    if (dropouts_[k]) dropouts_[k]->forward(window, {t, t + 1}, lanes);
    if (k > 0) layers_[k]->forward_inputs({t, t + 1}, lanes);
    layers_[k]->forward_step(window, t, lanes, k == 0);
  }
  attention_->forward({t, t + 1}, lanes);
}

template <class Real>
void FeedingDecoder<Real>::begin_part(int part, const WindowView& window,
                                      const GradientSums<Real>& sums) {
  for (const auto& layer : layers_) layer->begin_part(part, window, sums);
}

template <class Real>
void FeedingDecoder<Real>::backward(const WindowView& window, LaneRange lanes,
                                    BackwardListener& listener) {
  attention_->begin_backward(window, lanes);
  for (const auto& layer : layers_) layer->begin_chains(window, lanes);
  const int together = steps_together(lanes);
  for (int end = window.times; end > 0; end -= together) {
    const int begin = std::max(0, end - together);
    for (int t = end - 1; t >= begin; --t) {
      backward_step(window, t, lanes, listener);
      listener.pause();
    }
    layers_.front()->backward_inputs({begin, end}, lanes, listener);
  }
  attention_->finish_backward(window, lanes);
}

template <class Real>
void FeedingDecoder<Real>::backward_step(const WindowView& window, int t, LaneRange lanes,
                                         BackwardListener& listener) {
  attention_->backward({t, t + 1}, lanes);
  for (std::size_t k = layers_.size(); k-- > 0;) {
    Layer& layer = *layers_[k];
    layer.add_to_chain(t, lanes, {below_gradients_[k + 1].data(), 0, layer.output().panels});
    layer.backward_gates(window, t, lanes);
    if (k > 0) {
      layer.backward_inputs({t, t + 1}, lanes, listener);
      if (dropouts_[k]) dropouts_[k]->backward({t, t + 1}, lanes);
    } else if (t > 0) {
      feeding_->backward({t, t + 1}, lanes, layer.gates(), listener);
      feed_back(t, lanes);
    }
    layer.backward_state(window, t, lanes);
  }
}

template <class Real>
void FeedingDecoder<Real>::feed_back(int t, LaneRange lanes) {
  const Activations<Real> to = output_gradient();
  const std::uint8_t* const resets = top().resets().at(t);
  for_each_row(to.panels, lanes_, lanes, [&](int, int lane, std::size_t at, std::size_t width) {
    if (resets[lane] != 0) return;
    const std::span<Real> row(to.at(t - 1) + at, width);
    kernels::add<Real>(row, {fed_gradient_.data() + at, width});
    kernels::flush_small(row);
  });
}

template <class Real>
int FeedingDecoder<Real>::gradient_jobs() const {
  int jobs = rest_.count();
  for (const auto& layer : layers_) jobs += layer->gradient_jobs();
  return jobs;
}

template <class Real>
void FeedingDecoder<Real>::gradient_job(int job, const WindowView& window,
                                        const GradientSums<Real>& sums) {
  const int of_layers = gradient_jobs() - rest_.count();
  if (job >= of_layers) return rest_.run(job - of_layers, {window.times}, sums);
  with_part_of(
      layers_, job, [](const Layer& layer) { return layer.gradient_jobs(); },
      [&](Layer& layer, int own) { layer.gradient_job(own, window, sums); });
}

template <class Real>
std::size_t FeedingDecoder<Real>::final_after(int jobs) const {
  const std::size_t begin = segment_range().first;
  for (const auto& layer : layers_) {
    const int own = layer->gradient_jobs();
    if (jobs < own) return layer->segment_range().first - begin + layer->final_after(jobs);
    jobs -= own;
  }
  return rest_.range().first - begin + rest_.final_after(jobs);
}

template <class Real>
int FeedingDecoder<Real>::finish_jobs() const {
  int jobs = 0;
  for (const auto& layer : layers_) jobs += layer->finish_jobs();
  return jobs;
}

template <class Real>
void FeedingDecoder<Real>::finish_job(int job, std::int64_t window, Real* gradient) const {
  with_part_of(
      layers_, job, [](const Layer& layer) { return layer.finish_jobs(); },
      [&](const Layer& layer, int own) { layer.finish_job(own, window, gradient); });
}

template <class Real>
int FeedingDecoder<Real>::pack_jobs() const {
  int jobs = feeding_->packed().pack_jobs() + attention_->pack_jobs();
  for (const auto& layer : layers_) jobs += layer->pack_jobs();
  return jobs;
}

template <class Real>
void FeedingDecoder<Real>::pack_job(int job) {
  const int feeding = feeding_->packed().pack_jobs(), attention = attention_->pack_jobs();
  if (job < feeding) return feeding_->packed().pack_job(job);
  if (job < feeding + attention) return attention_->pack_job(job - feeding);
  with_part_of(
      layers_, job - feeding - attention, [](const Layer& layer) { return layer.pack_jobs(); },
      [](Layer& layer, int own) { layer.pack_job(own); });
}

template <class Real>
void FeedingDecoder<Real>::carry(const WindowView& window) {
  for (const auto& layer : layers_) layer->carry(window);
  if (carried_) carried_->keep(window, output().at(window.times - 1));
}

template <class Real>
void FeedingDecoder<Real>::reorder(std::span<const int> from) {
  for (const auto& layer : layers_) layer->reorder(from);
  if (carried_) carried_->reorder(from);
}

template <class Real>
void FeedingDecoder<Real>::clear_state() {
  for (const auto& layer : layers_) layer->clear_state();
  if (carried_) carried_->clear();
}

template std::size_t add_feeding(ParameterLayout&, const Cell<float>&, const LayerName&,
                                 const RecurrentWidths&);
template std::size_t add_feeding(ParameterLayout&, const Cell<double>&, const LayerName&,
                                 const RecurrentWidths&);
template class FeedingDecoder<float>;
template class FeedingDecoder<double>;

}  // namespace rondo
