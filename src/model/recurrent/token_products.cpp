#include "model/recurrent/token_products.hpp"

#include "model/chains.hpp"

namespace rondo {

template <class Real>
TokenProducts<Real>::TokenProducts(const DistinctRows<Real>& inputs, const Panels& units, int gates,
                                   Allocations& memory)
    : inputs_(inputs),
      units_(units),
      gates_(gates),
      chain_(activation_chain(inputs.panels, inputs.tokens.most())),
      values_(memory.make<Real>(MemoryUse::activations, units.step_size(inputs.tokens.most()) *
                                                            static_cast<std::size_t>(gates))) {}

template <class Real>
void TokenProducts<Real>::make(int j, int gate, kernels::Product<Real> product) {
  product.chain = chain_;
  product.source = inputs_.rows.data();
  product.out = values_.data() + panel(j, gate);
  product.lane_begin = 0;
  product.lane_end = inputs_.tokens.count();
  kernels::multiply(product);
}

template class TokenProducts<float>;
template class TokenProducts<double>;

}  // namespace rondo
