#include "tasks/decoding/language/token_lanes.hpp"

#include "rondo/model/language_model.hpp"

namespace rondo::tasks {

template <class Real>
TokenLanes<Real>::TokenLanes(const NetworkPlan& model, const ParameterLayout& layout,
                             const Real* parameters, int lanes, ThreadPool& pool)
    : pool_(pool), network_(model, layout, parameters, PassShape{lanes, 1, false}) {
  network_.pack(pool);
  step_ = make_window(1, 0, {}, {{}, {}});
}

template <class Real>
void TokenLanes<Real>::read(std::span<const std::int32_t> tokens, bool anew) {
  step_.lanes = static_cast<int>(tokens.size());
  WindowAxis& axis = step_.axes[0];
  axis.resets.assign(tokens.size(), anew ? 1 : 0);
  axis.tokens[ModelShape::input_column].assign(tokens.begin(), tokens.end());
  axis.tokens[ModelShape::target_column].assign(tokens.size(), -1);
  const WindowView view(step_, 0);
  network_.forward(view, pool_);
  network_.carry(view);
}

template class TokenLanes<float>;
template class TokenLanes<double>;

}  // namespace rondo::tasks
