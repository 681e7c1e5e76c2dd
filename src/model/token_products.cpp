#include "model/token_products.hpp"

#include <algorithm>

#include "model/chains.hpp"

namespace rondo {

template <class Real>
TokenProducts<Real>::TokenProducts(const DistinctRows<Real>& inputs, const Panels& units,
                                   std::size_t gates)
    : inputs_(inputs),
      units_(units),
      gates_(gates),
      chain_(activation_chain(inputs.panels, inputs.tokens.most())),
      values_(values(units, gates, inputs.tokens.most())) {}

template <class Real>
std::size_t TokenProducts<Real>::panel(int j, int gate) const {
  const int most = inputs_.tokens.most();
  return units_.offset(j, most) * gates_ + static_cast<std::size_t>(gate) *
                                               static_cast<std::size_t>(most) *
                                               static_cast<std::size_t>(units_.width(j));
}

template <class Real>
void TokenProducts<Real>::make(int j, int gate, kernels::Product<Real> product) {
  product.chain = chain_;
  product.source = inputs_.rows.data();
  product.out = values_.data() + panel(j, gate);
  product.lane_begin = 0;
  product.lane_end = inputs_.tokens.count();
  kernels::multiply(product);
}

template <class Real>
void TokenProducts<Real>::copy(int j, int gate, TimeRange times, LaneRange lanes, Real* out,
                               std::size_t stride) const {
  const Real* const from = values_.data() + panel(j, gate);
  const auto width = static_cast<std::size_t>(units_.width(j));
  for (int t = times.begin; t < times.end; ++t, out += stride) {
    const std::int32_t* numbers = inputs_.tokens.numbers(t);
    for (int lane = lanes.begin; lane < lanes.end; ++lane) {
      std::copy_n(from + static_cast<std::size_t>(numbers[lane]) * width, width,
                  out + static_cast<std::size_t>(lane) * width);
    }
  }
}

template class TokenProducts<float>;
template class TokenProducts<double>;

}  // namespace rondo
