// The softmax layer in bounded memory: pieces of time steps forward, parts of the classes back.
#include <algorithm>

#include "model/chains.hpp"
#include "model/heads/softmax_layer.hpp"
#include "rondo/kernels/losses/softmax.hpp"

namespace rondo {

template <class Real>
SoftmaxLayer<Real>::Pieces::Pieces(int classes, const PassShape& shape) {
  const std::size_t step = step_values(classes, shape.lanes);
  if (shape.logit_times == 0 || shape.logit_times >= shape.times) {
    size = step * static_cast<std::size_t>(shape.times);
    return;
  }
  times = shape.logit_times;
  size = step * static_cast<std::size_t>(times);
  if (!shape.training) return;
  // A part's logits are those of all time steps.
  const std::size_t panel = static_cast<std::size_t>(Panels::full) *
                            static_cast<std::size_t>(shape.lanes) *
                            static_cast<std::size_t>(shape.times);
  size = std::max(size, panel);
  panels = static_cast<int>(size / panel);
}

template <class Real>
int SoftmaxLayer<Real>::parts() const {
  return in_pieces() ? (classes_.count() + pieces_.panels - 1) / pieces_.panels : 1;
}

template <class Real>
Panels SoftmaxLayer<Real>::part_classes() const {
  const int first = part_ * pieces_.panels * Panels::full;
  return {std::min(pieces_.panels * Panels::full, classes_.units - first)};
}

template <class Real>
int SoftmaxLayer<Real>::jobs_after(int part) const {
  return part + 1 == parts() ? classes_.count() : (part + 1) * pieces_.panels;
}

template <class Real>
void SoftmaxLayer<Real>::forward_pieces(const WindowView& window, LaneRange lanes) {
  for (int begin = 0; begin < window.times; begin += pieces_.times) {
    const int end = std::min(begin + pieces_.times, window.times);
    products().forward(0, classes_.count(), begin, end, lanes, logits_.data(), step_);
    for (int t = begin; t < end; ++t) {
      softmax(window, t, lanes, logits_.data() + static_cast<std::size_t>(t - begin) * step_);
    }
  }
}

// The part's logits once more, their gradients in place, and the part's stretch of the chains of
// the gradient at the input.
template <class Real>
void SoftmaxLayer<Real>::backward_part(const WindowView& window, LaneRange lanes) {
  const Panels classes = part_classes();
  const std::size_t stride = classes.step_size(lanes_);
  const int first = part_ * pieces_.panels;
  products().forward(first, first + classes.count(), 0, window.times, lanes, logits_.data(),
                     stride);
  for (int t = 0; t < window.times; ++t) {
    const std::size_t row = static_cast<std::size_t>(t) * static_cast<std::size_t>(lanes_);
    Real* const logits = logits_.data() + static_cast<std::size_t>(t) * stride;
    if (targets_.words > 0) {
      logistic(window, t, lanes, {classes, first * Panels::full, logits, true}, nullptr);
      continue;
    }
    kernels::SoftmaxGradient<Real> step;
    step.classes = classes;
    step.first = first * Panels::full;
    step.lanes = lanes_;
    step.lane_begin = lanes.begin;
    step.lane_end = lanes.end;
    step.logits = logits;
    step.target = target(window, t, 0);
    step.maximum = maxima_.data() + row;
    step.sum = sums_.data() + row;
    step.smoothing = smoothing_;
    kernels::softmax_gradient(step);
    if (!class_weights_.empty()) weigh_gradients(step.target, lanes, classes, logits);
  }
  const bool last = part_ + 1 == parts();
  // The panels of a part lie as those of all classes do: their chains begin alike.
  const std::span<const kernels::Stretch> chain(last ? last_part_chain_ : classes_chain_);
  input_gradient(chain.first(static_cast<std::size_t>(classes.count())), first * Panels::full,
                 stride, window, lanes);
}

template SoftmaxLayer<float>::Pieces::Pieces(int, const PassShape&);
template SoftmaxLayer<double>::Pieces::Pieces(int, const PassShape&);
template int SoftmaxLayer<float>::parts() const;
template int SoftmaxLayer<double>::parts() const;
template Panels SoftmaxLayer<float>::part_classes() const;
template Panels SoftmaxLayer<double>::part_classes() const;
template int SoftmaxLayer<float>::jobs_after(int) const;
template int SoftmaxLayer<double>::jobs_after(int) const;
template void SoftmaxLayer<float>::forward_pieces(const WindowView&, LaneRange);
template void SoftmaxLayer<double>::forward_pieces(const WindowView&, LaneRange);
template void SoftmaxLayer<float>::backward_part(const WindowView&, LaneRange);
template void SoftmaxLayer<double>::backward_part(const WindowView&, LaneRange);

}  // namespace rondo
