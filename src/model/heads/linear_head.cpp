#include "model/heads/linear_head.hpp"

#include "model/chains.hpp"
#include "model/weight_gradient.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo {

OutputSegments add_linear_outputs(ParameterLayout& layout, int outputs, int inputs,
                                  const std::string& meaning) {
  Segment weights;
  weights.name = "output.weight";
  weights.role = Segment::Role::output_weights;
  weights.units = outputs;
  weights.columns = inputs;
  weights.meaning = meaning;
  Segment bias = weights;
  bias.name = "output.bias";
  bias.role = Segment::Role::output_bias;
  bias.columns = 1;
  bias.vector = true;
  const std::size_t first = layout.add(weights);
  return {first, layout.add(bias)};
}

template <class Real>
LinearHead<Real>::LinearHead(const HeadPlaces<Real>& places, const PassShape& shape,
                             Allocations& memory)
    : weights_(places.layout[places.segments.weights]),
      bias_(places.layout[places.segments.bias]),
      parameters_(places.parameters),
      packed_(weights_, values_of(weights_, parameters_), shape.training, memory),
      below_(places.below),
      below_gradient_(places.below_gradient),
      outputs_{weights_.units},
      lanes_(shape.lanes),
      training_(shape.training),
      step_(step_distance(outputs_.step_size(shape.lanes))),
      chain_(activation_chain(below_.panels, shape.lanes)),
      outputs_chain_(activation_chain(outputs_, shape.lanes)) {
  const auto times = static_cast<std::size_t>(shape.times);
  const std::size_t rows =
      static_cast<std::size_t>(shape.longest_window()) * static_cast<std::size_t>(shape.lanes);
  said_ = memory.make<Real>(MemoryUse::logits, step_ * times);
  losses_ = memory.make<double>(MemoryUse::logits, rows);
  block_loss_ = memory.make<double>(MemoryUse::logits, rows);
}

template <class Real>
void LinearHead<Real>::say(const WindowView& window, LaneRange lanes) {
  products().forward(0, outputs_.count(), 0, window.times, lanes, said_.data(), step_);
}

template <class Real>
void LinearHead<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  products().backward(outputs_chain_, 0, said_.data(), step_, window.times, lanes, true);
}

template <class Real>
void LinearHead<Real>::gradient_job(int job, const WindowView& window,
                                    const GradientSums<Real>& sums) {
  const Real* const gradient = said_.data() + outputs_.offset(job, lanes_);
  accumulate_weight_gradient<Real>(weights_, job, 0, {chain_, below_.data, below_.stride},
                                   {&gradient, 1}, step_, {window.times}, sums);
  accumulate_bias_gradient<Real>(bias_, job, 0, gradient, step_, {window.times}, sums);
}

template <class Real>
std::size_t LinearHead<Real>::final_after(int jobs) const {
  return jobs < outputs_.count() ? weights_.panel(jobs, 0)
                                 : bias_.offset + bias_.size - weights_.offset;
}

template <class Real>
void LinearHead<Real>::block_losses(const WindowView& window, int block, std::span<double> losses,
                                    std::span<double> weights) {
  for (std::size_t b = 0; b < losses.size(); ++b) {
    const int first = static_cast<int>(b) * block;
    std::size_t i = 0;
    weights[b] = 0;
    for (int t = 0; t < window.times; ++t) {
      for (int lane = first; lane < first + block; ++lane) {
        block_loss_[i++] = loss(t, lane);
        weights[b] += this->weight(window, t, lane);
      }
    }
    losses[b] = kernels::sum(std::span<const double>(block_loss_.data(), i));
  }
}

template <class Real>
void LinearHead<Real>::outputs(int t, int lane, std::span<Real> out) const {
  const Real* const step = said_.data() + static_cast<std::size_t>(t) * step_;
  for (int i = 0; i < outputs_.units; ++i) {
    out[static_cast<std::size_t>(i)] = step[outputs_.index(lane, i, lanes_)];
  }
}

template class LinearHead<float>;
template class LinearHead<double>;

}  // namespace rondo
