#include "model/linear/linear.hpp"

namespace rondo {

LinearSegments add_linear(ParameterLayout& layout, const std::string& name, int units, int inputs,
                          bool biased, const std::string& meaning) {
  Segment weights;
  weights.name = name + ".weight";
  weights.role = Segment::Role::attention_weights;
  weights.units = units;
  weights.columns = inputs;
  weights.meaning = meaning;
  LinearSegments segments{layout.add(weights), std::nullopt};
  if (!biased) return segments;
  Segment bias = weights;
  bias.name = name + ".bias";
  bias.role = Segment::Role::attention_bias;
  bias.columns = 1;
  bias.vector = true;
  segments.bias = layout.add(bias);
  return segments;
}

template <class Real>
Linear<Real>::Linear(const ParameterLayout& layout, const LinearSegments& segments,
                     const Real* parameters, const LinearPlaces<Real>& places,
                     const PassShape& pass, Allocations& memory)
    : weights_(layout[segments.weights]),
      bias_(segments.bias ? &layout[*segments.bias] : nullptr),
      parameters_(parameters),
      places_(places),
      lanes_(pass.lanes),
      packed_(weights_, values_of(weights_, parameters), pass.training, memory),
      chain_(activation_chain(places.input.panels, pass.lanes)),
      outputs_chain_(activation_chain(places.output.panels, pass.lanes)),
      weights_gradient_(weights_, {chain_, places.input.data, places.input.stride},
                        places.output_gradient, pass.lanes) {
  if (bias_ != nullptr) bias_gradient_.emplace(*bias_, places.output_gradient, pass.lanes);
}

template <class Real>
LinearProducts<Real> Linear<Real>::products(int begin) const {
  using kernels::Start;
  Activations<Real> gradient = places_.input_gradient;
  if (gradient.data != nullptr) gradient.data = gradient.at(begin);
  return {packed_,
          bias_,
          parameters_,
          places_.input,
          gradient,
          chain_,
          places_.output.panels,
          lanes_,
          places_.resumes    ? Start::resume
          : bias_ != nullptr ? Start::bias
                             : Start::zero,
          places_.resumes_gradient ? Start::resume : Start::zero,
          places_.flush};
}

template <class Real>
void Linear<Real>::forward(TimeRange times, LaneRange lanes) const {
  products(times.begin)
      .forward(0, places_.output.panels.count(), times.begin, times.end, lanes,
               places_.output.at(times.begin), places_.output.stride);
}

template <class Real>
void Linear<Real>::backward(TimeRange times, LaneRange lanes) const {
  if (places_.input_gradient.data == nullptr) return;  // nobody asks for it
  const Activations<Real>& gradient = places_.output_gradient;
  products(times.begin)
      .backward(outputs_chain_, 0, gradient.at(times.begin), gradient.stride,
                times.end - times.begin, lanes, true);
}

template <class Real>
std::vector<const SegmentGradient<Real>*> Linear<Real>::segment_gradients() const {
  std::vector<const SegmentGradient<Real>*> segments{&weights_gradient_};
  if (bias_gradient_) segments.push_back(&*bias_gradient_);
  return segments;
}

template class Linear<float>;
template class Linear<double>;

}  // namespace rondo
