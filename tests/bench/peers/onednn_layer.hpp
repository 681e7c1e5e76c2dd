// A training step of an LSTM layer by oneDNN's primitives (release 2): forward, backward, gradients
// of all weights, in float32.
//
// Input, weights and gradients stay in the layouts that the primitives choose for themselves.
// Weights change with every update, so each step packs them for both directions, as rondo's does.
#pragma once

#include <algorithm>
#include <oneapi/dnnl/dnnl.hpp>
#include <random>
#include <unordered_map>

namespace rondo::bench {

class OneDnnLstm {
 public:
  // Input as wide as the layer: `hidden` units. One step is a window of `times` for all lanes.
  OneDnnLstm(int hidden, int lanes, int times)
      : engine_(dnnl::engine::kind::cpu, 0),
        stream_(engine_),
        forward_pd_(forward_desc(hidden, lanes, times), engine_),
        backward_pd_(backward_desc(hidden, lanes, times), engine_, forward_pd_),
        forward_(forward_pd_),
        backward_(backward_pd_) {
    const Shapes shapes(hidden, lanes, times);
    weights_layer_ = filled({shapes.weights, Type::f32, Tag::ldigo});
    weights_iter_ = filled({shapes.weights, Type::f32, Tag::ldigo});
    const auto add = [](Arguments& arguments, int name, const dnnl::memory& memory) {
      arguments.emplace(name, memory);
      return memory;
    };
    add(forward_arguments_, DNNL_ARG_SRC_LAYER, filled(forward_pd_.src_layer_desc()));
    carried_hidden_ =
        add(forward_arguments_, DNNL_ARG_SRC_ITER, zeros(forward_pd_.src_iter_desc()));
    carried_cell_ =
        add(forward_arguments_, DNNL_ARG_SRC_ITER_C, zeros(forward_pd_.src_iter_c_desc()));
    forward_layer_ =
        add(forward_arguments_, DNNL_ARG_WEIGHTS_LAYER, zeros(forward_pd_.weights_layer_desc()));
    forward_iter_ =
        add(forward_arguments_, DNNL_ARG_WEIGHTS_ITER, zeros(forward_pd_.weights_iter_desc()));
    add(forward_arguments_, DNNL_ARG_BIAS, filled(forward_pd_.bias_desc()));
    add(forward_arguments_, DNNL_ARG_DST_LAYER, zeros(forward_pd_.dst_layer_desc()));
    last_hidden_ = add(forward_arguments_, DNNL_ARG_DST_ITER, zeros(forward_pd_.dst_iter_desc()));
    last_cell_ = add(forward_arguments_, DNNL_ARG_DST_ITER_C, zeros(forward_pd_.dst_iter_c_desc()));
    add(forward_arguments_, DNNL_ARG_WORKSPACE, zeros(forward_pd_.workspace_desc()));

    // Backward reads what forward read and wrote, but weights in a layout of its own.
    backward_arguments_ = forward_arguments_;
    backward_layer_ = zeros(backward_pd_.weights_layer_desc());
    backward_iter_ = zeros(backward_pd_.weights_iter_desc());
    backward_arguments_[DNNL_ARG_WEIGHTS_LAYER] = backward_layer_;
    backward_arguments_[DNNL_ARG_WEIGHTS_ITER] = backward_iter_;
    add(backward_arguments_, DNNL_ARG_DIFF_DST_LAYER, filled(backward_pd_.diff_dst_layer_desc()));
    add(backward_arguments_, DNNL_ARG_DIFF_DST_ITER, zeros(backward_pd_.diff_dst_iter_desc()));
    add(backward_arguments_, DNNL_ARG_DIFF_DST_ITER_C, zeros(backward_pd_.diff_dst_iter_c_desc()));
    add(backward_arguments_, DNNL_ARG_DIFF_SRC_LAYER, zeros(backward_pd_.diff_src_layer_desc()));
    add(backward_arguments_, DNNL_ARG_DIFF_SRC_ITER, zeros(backward_pd_.diff_src_iter_desc()));
    add(backward_arguments_, DNNL_ARG_DIFF_SRC_ITER_C, zeros(backward_pd_.diff_src_iter_c_desc()));
    gradients_[0] = add(backward_arguments_, DNNL_ARG_DIFF_WEIGHTS_LAYER,
                        zeros(backward_pd_.diff_weights_layer_desc()));
    gradients_[1] = add(backward_arguments_, DNNL_ARG_DIFF_WEIGHTS_ITER,
                        zeros(backward_pd_.diff_weights_iter_desc()));
    gradients_[2] =
        add(backward_arguments_, DNNL_ARG_DIFF_BIAS, zeros(backward_pd_.diff_bias_desc()));
  }

  void step() {
    pack(weights_layer_, forward_layer_);
    pack(weights_iter_, forward_iter_);
    forward_.execute(stream_, forward_arguments_);
    pack(weights_layer_, backward_layer_);
    pack(weights_iter_, backward_iter_);
    for (dnnl::memory& gradient : gradients_) clear(gradient);  // backward adds to them
    backward_.execute(stream_, backward_arguments_);
    pack(last_hidden_, carried_hidden_);
    pack(last_cell_, carried_cell_);
    stream_.wait();
  }

 private:
  using Type = dnnl::memory::data_type;
  using Tag = dnnl::memory::format_tag;
  using Desc = dnnl::memory::desc;
  using Arguments = std::unordered_map<int, dnnl::memory>;

  struct Shapes {
    Shapes(int hidden, int lanes, int times)
        : sequence{times, lanes, hidden},
          state{1, 1, lanes, hidden},
          weights{1, 1, hidden, 4, hidden},
          bias{1, 1, 4, hidden} {}
    dnnl::memory::dims sequence, state, weights, bias;
  };

  static Desc any(const dnnl::memory::dims& shape) { return {shape, Type::f32, Tag::any}; }

  static dnnl::lstm_forward::desc forward_desc(int hidden, int lanes, int times) {
    const Shapes shapes(hidden, lanes, times);
    const Desc sequence = any(shapes.sequence), weights = any(shapes.weights);
    const Desc state{shapes.state, Type::f32, Tag::ldnc};
    const Desc bias{shapes.bias, Type::f32, Tag::ldgo};
    return {dnnl::prop_kind::forward_training,
            dnnl::rnn_direction::unidirectional_left2right,
            sequence,
            state,
            state,
            weights,
            weights,
            bias,
            sequence,
            state,
            state};
  }

  static dnnl::lstm_backward::desc backward_desc(int hidden, int lanes, int times) {
    const Shapes shapes(hidden, lanes, times);
    const Desc sequence = any(shapes.sequence), weights = any(shapes.weights);
    const Desc state{shapes.state, Type::f32, Tag::ldnc};
    const Desc bias{shapes.bias, Type::f32, Tag::ldgo};
    return {dnnl::prop_kind::backward,
            dnnl::rnn_direction::unidirectional_left2right,
            sequence,
            state,
            state,
            weights,
            weights,
            bias,
            sequence,
            state,
            state,
            sequence,
            state,
            state,
            weights,
            weights,
            bias,
            sequence,
            state,
            state};
  }

  dnnl::memory zeros(const Desc& desc) const {
    dnnl::memory memory(desc, engine_);
    clear(memory);
    return memory;
  }

  // Small numbers between -0.5 and 0.5; oneDNN's speed does not depend on them.
  dnnl::memory filled(const Desc& desc) {
    dnnl::memory memory(desc, engine_);
    auto* values = static_cast<float*>(memory.get_data_handle());
    std::uniform_real_distribution<float> number(-0.5F, 0.5F);
    std::generate_n(values, desc.get_size() / sizeof(float), [&] { return number(random_); });
    return memory;
  }

  static void clear(const dnnl::memory& memory) {
    auto* bytes = static_cast<char*>(memory.get_data_handle());
    std::fill_n(bytes, memory.get_desc().get_size(), '\0');
  }

  void pack(dnnl::memory& from, dnnl::memory& to) {
    dnnl::reorder(from, to).execute(stream_, from, to);
  }

  std::minstd_rand random_{1};
  dnnl::engine engine_;
  dnnl::stream stream_;
  dnnl::lstm_forward::primitive_desc forward_pd_;
  dnnl::lstm_backward::primitive_desc backward_pd_;
  dnnl::lstm_forward forward_;
  dnnl::lstm_backward backward_;
  dnnl::memory weights_layer_, weights_iter_;
  dnnl::memory forward_layer_, forward_iter_, backward_layer_, backward_iter_;
  dnnl::memory carried_hidden_, carried_cell_, last_hidden_, last_cell_;
  dnnl::memory gradients_[3];
  Arguments forward_arguments_, backward_arguments_;
};

}  // namespace rondo::bench
