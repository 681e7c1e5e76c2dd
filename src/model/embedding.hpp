// Token embeddings: a table of vectors, one row a token.
#pragma once

#include "rondo/core/parameter_layout.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Position of the table in the layout.
std::size_t add_embedding(ParameterLayout& layout, int vocabulary, int width);

template <class Real>
class Embedding final : public Stage<Real> {
 public:
  Embedding(const ParameterLayout& layout, std::size_t segment, const Real* parameters,
            const PassShape& shape);

  Activations<Real> output() { return {output_.data(), stride_, panels_}; }
  // Gradient at the output, to be filled by the stage above.
  Activations<Real> output_gradient() { return {gradient_.data(), stride_, panels_}; }

  std::pair<std::size_t, std::size_t> segment_range() const override;
  void forward(const WindowView& window, LaneRange lanes) override;
  // All its gradients are its table's.
  void backward(const WindowView&, LaneRange, BackwardListener&) override {}
  int gradient_tasks() const override { return panels_.count(); }
  // Rows are complete when all of their panels are.
  std::size_t final_after(int tasks) const override {
    return tasks < gradient_tasks() ? 0 : table_.size;
  }
  void gradient_task(int panel, const WindowView& window, const GradientSums<Real>& sums) override;

 private:
  const Segment& table_;
  const Real* parameters_;
  Panels panels_;
  int lanes_;
  std::size_t stride_;
  Buffer<Real> output_;
  Buffer<Real> gradient_;
};

}  // namespace rondo
