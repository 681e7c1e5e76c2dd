#include "apps/bench/layers.hpp"

#include <algorithm>

#include "rondo/core/random.hpp"

namespace rondo::apps::bench {

int usual_block(int lanes) {
  int block = std::min(lanes, 16);
  while (lanes % block != 0) --block;
  return block;
}

Layers::Layers(const Shape& shape)
    : shape_(shape),
      made_up_(make_window(
          window_times, shape.lanes,
          std::vector<std::uint8_t>(static_cast<std::size_t>(window_times * shape.lanes)))) {
  const Cell<float>& cell = find_cell<float>(shape.cell);
  slots_ = cell.slots;
  RecurrentShape layer;
  layer.cell = shape.cell;
  layer.hidden = shape.hidden;
  layer.projection = usual_projection(shape.cell, shape.hidden);
  outputs_ = layer.outputs();
  projection_ = layer.projection;
  Signal signal = plan_.numbers(0, outputs_);
  for (int i = 0; i < shape.layers; ++i) signal = plan_.recurrent(signal, layer);
  const RecurrentWidths widths{outputs_, layer.hidden, outputs_};
  for (int i = 0; i < shape.layers; ++i) {
    segments_.push_back(add_recurrent_layer(layout_, cell, {i}, widths));
  }
  parameters_.resize(layout_.size());
  gradient_.resize(layout_.size());
  initialize<float>(plan_, layout_, {.seed = 1}, parameters_);

  const Panels panels{outputs_};
  const std::size_t stride = step_distance(panels.step_size(shape.lanes));
  input_.resize(stride * window_times);
  input_gradient_.resize(input_.size());
  const RandomStream random(1, Purpose::test);
  for (std::size_t i = 0; i < input_.size(); ++i) {
    input_[i] = static_cast<float>(random.uniform(i)) - 0.5F;
  }
  Activations<float> below{input_.data(), stride, panels};
  Activations<float> below_gradient{input_gradient_.data(), stride, panels};
  Allocations memory;
  for (int layer = 0; layer < shape.layers; ++layer) {
    layers_.push_back(std::make_unique<RecurrentLayer<float>>(
        layout_, segments_[static_cast<std::size_t>(layer)], cell, LayerName{layer},
        parameters_.data(), below, below_gradient, PassShape{shape.lanes, window_times, true},
        memory));
    below = layers_.back()->output();
    below_gradient = layers_.back()->output_gradient();
  }
  const std::int64_t blocks = shape.lanes / usual_block(shape.lanes);
  roots_ = tree_roots(0, blocks, blocks);
}

void Layers::set_output_gradient() {
  std::copy_n(input_.data(), input_.size(), layers_.back()->output_gradient().data);
}

void Layers::window() {
  const WindowView window(made_up_, 0);
  const int block = usual_block(shape_.lanes);
  float* const buffers[] = {gradient_.data()};
  const GradientSums<float> sums{block, 0, shape_.lanes / block, roots_, buffers};
  for (const auto& layer : layers_) {
    for (int job = 0; job < layer->pack_jobs(); ++job) layer->pack_job(job);
    layer->begin_window(window);
  }
  for (const auto& layer : layers_) layer->forward(window, {0, shape_.lanes});
  BackwardListener nobody;
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    (*layer)->backward(window, {0, shape_.lanes}, nobody);
    for (int job = 0; job < (*layer)->gradient_jobs(); ++job) {
      (*layer)->gradient_job(job, window, sums);
    }
  }
  for (const auto& layer : layers_) layer->carry(window);
}

double Layers::operations() const {
  return plan_.training_flops_per_step() * window_times * shape_.lanes;
}

Roofline Layers::roofline() const {
  const auto inputs = static_cast<double>(layout_[segments_[0].input_weights].elements());
  const auto all = static_cast<double>(plan_.weights_per_step()) / shape_.layers;
  const double recurrent = all - inputs;  // multiplied step by step
  const double weights = 2.0 * window_times * recurrent + 2.0 * inputs + 3.0 * (inputs + recurrent);
  const double rows = static_cast<double>(window_times) * shape_.lanes;
  const double units = rows * shape_.hidden;
  const double activations = (7.0 * slots_ + 6.0) * units + 6.0 * rows * projection_;
  const auto seconds = [](double values, double array) {
    return 4 * values / kernels::read_bandwidth(static_cast<std::size_t>(4 * array));
  };
  return {.operations = operations(),
          .bytes_seconds =
              shape_.layers * (seconds(weights, recurrent) + seconds(activations, slots_ * units))};
}

}  // namespace rondo::apps::bench
