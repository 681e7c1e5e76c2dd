// A network's stages, and how a window goes through them: whole, or piece by piece.
#pragma once

#include <memory>
#include <vector>

#include "model/plans/stage_plan.hpp"
#include "rondo/model/network.hpp"

namespace rondo {

template <class Real>
class Network<Real>::Impl {
 public:
  Impl(const NetworkPlan& plan, const ParameterLayout& layout, const Real* parameters,
       const PassShape& pass, Allocations& memory);

  void forward(const WindowView& window, ThreadPool& pool, int axis = every);
  void backward(int stage, const WindowView& window, const GradientSums<Real>& sums,
                ThreadPool& pool, BackwardListener& listener);
  void forward_in_pieces(const WindowView& window, ThreadPool& pool);
  void backward_in_pieces(const WindowView& window, const GradientSums<Real>& sums,
                          ThreadPool& pool, BackwardListener& listener);
  // Calls use(stage, its view of the window) for each stage of an axis.
  static constexpr int every = -1;
  template <class Use>
  void for_each(const WindowView& window, const Use& use, int axis = every) const {
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if (axis == every || axes[i] == axis) use(*stages[i], view_of(i, window));
    }
  }
  static WindowView view_on(int axis, const WindowView& window) {
    return axis == window.axis ? window : window.on(axis);
  }
  WindowView view_of(std::size_t stage, const WindowView& window) const {
    return view_on(axes[stage], window);
  }
  // As a head sees it.
  WindowView view_of_head(std::size_t head, const WindowView& window) const {
    return view_on(head_axes[head], window);
  }

  std::vector<std::unique_ptr<Stage<Real>>> stages;
  std::vector<int> axes;  // of the stages
  std::vector<Head<Real>*> heads;
  std::vector<int> head_axes;
  AttentionWeights<Real>* attention = nullptr;  // null: there is none
  int piece = 0;  // time steps that windows are gone through by; 0: they are taken whole
};

}  // namespace rondo
