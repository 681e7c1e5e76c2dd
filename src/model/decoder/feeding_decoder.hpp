// A decoder whose attention feeds back (input feeding, Luong et al. 2015): at each step the input
// of its first layer is the target's, and what attention made of the step before, +0 where a
// sequence begins. One stage, that goes through its layers and attention step by step.
//
// The chains of the first layer's gates go over the target's input, then over what is fed, whose
// weights are "<stack>.weight_fh_l0", then over the hidden state. On the way back the gradient at
// what attention makes is that from above plus the feeding's of the next step; that at a layer's
// hidden state the chain of the next step's, from +0, plus what attention, or the layer above,
// gives.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "model/decoder/attention.hpp"
#include "model/recurrent/carried_rows.hpp"
#include "model/recurrent/recurrent_layer.hpp"
#include "model/regular/dropout.hpp"
#include "rondo/model/cell.hpp"

namespace rondo {

// The weights of what is fed back to a layer: Segment "<stack>.weight_fh_l<k>".
template <class Real>
std::size_t add_feeding(ParameterLayout& layout, const Cell<Real>& cell, const LayerName& layer,
                        const RecurrentWidths& widths);

struct FeedingSegments {
  std::vector<RecurrentSegments> layers;
  std::size_t feeding = 0;
  AttentionSegments attention;
};

// What its layers are, beside their segments.
template <class Real>
struct FeedingLayers {
  const Cell<Real>* cell = nullptr;
  std::string stack;
  std::vector<RecurrentOptions> options;
  std::vector<GivenStates<Real>> given;
  double dropout = 0;  // between them
  bool locked = false;
  std::vector<StageIdentity> dropped;  // of the masks before the second layer, the third, ...
};

template <class Real>
class FeedingDecoder final : public Stage<Real>, public AttentionWeights<Real> {
 public:
  // `target` is the first layer's input, `tokens` the different ones of each window, if it is an
  // embedding that lists them. Of `places` those at the source count.
  FeedingDecoder(const ParameterLayout& layout, const FeedingSegments& segments,
                 const FeedingLayers<Real>& layers, const Real* parameters,
                 Activations<Real> target, Activations<Real> target_gradient,
                 const DistinctRows<Real>* tokens, AttentionPlaces<Real> places,
                 const PassShape& pass, int source_times, Allocations& memory);

  Activations<Real> output() { return attention_->output(); }
  Activations<Real> output_gradient() { return attention_->output_gradient(); }

  std::pair<std::size_t, std::size_t> segment_range() const override {
    return {layers_.front()->segment_range().first, rest_.range().second};
  }
  int prepare_jobs(int round) const override;
  void prepare_job(int round, int job, const WindowView& window) override;
  void begin_window(const WindowView& window) override;
  void forward(const WindowView& window, LaneRange lanes) override;
  void begin_part(int part, const WindowView& window, const GradientSums<Real>& sums) override;
  void backward(const WindowView& window, LaneRange lanes, BackwardListener& listener) override;
  int gradient_jobs() const override;
  void gradient_job(int job, const WindowView& window, const GradientSums<Real>& sums) override;
  std::size_t final_after(int jobs) const override;
  int finish_jobs() const override;
  void finish_job(int job, std::int64_t window, Real* gradient) const override;
  int pack_jobs() const override;
  void pack_job(int job) override;
  void carry(const WindowView& window) override;
  void reorder(std::span<const int> from) override;
  void clear_state() override;

  std::span<const Real> weights(int t, int lane) const override {
    return attention_->weights(t, lane);
  }

 private:
  using Layer = RecurrentLayer<Real>;
  Layer& top() { return *layers_.back(); }
  // What is fed at a step.
  void feed(int t, LaneRange lanes);
  void forward_step(const WindowView& window, int t, LaneRange lanes);
  void backward_step(const WindowView& window, int t, LaneRange lanes, BackwardListener& listener);
  // Of the step before t, what is fed at t gives.
  void feed_back(int t, LaneRange lanes);

  int lanes_;
  OwnSteps<Real> fed_;                         // [t]
  Buffer<Real> fed_gradient_;                  // one step
  std::vector<Buffer<Real>> below_gradients_;  // one step each: at the input of a layer but the
                                               // first, and at what attention reads
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<std::unique_ptr<Dropout<Real>>> dropouts_;  // before a layer; null: none
  std::optional<InputProducts<Real>> feeding_;
  std::optional<GatesGradient<Real>> feeding_gradient_;
  std::optional<Attention<Real>> attention_;
  std::optional<CarriedRows<Real>> carried_;
  SegmentJobs<Real> rest_;  // of the parameters behind the layers'
};

}  // namespace rondo
