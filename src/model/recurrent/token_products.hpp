// The products of a layer's input weights with a window's different tokens, where its input is an
// embedding. A chain is the same wherever its token stands: made once, it goes on from there at
// each of its places with the hidden state, and no bit tells that it was not made anew.
#pragma once

#include <vector>

#include "model/inputs/distinct_tokens.hpp"
#include "rondo/kernels/products/product.hpp"

namespace rondo {

template <class Real>
class TokenProducts {
 public:
  // `inputs`: filled for each window before its products are made.
  TokenProducts(const DistinctRows<Real>& inputs, const Panels& units, int gates,
                Allocations& memory);

  // Whether the window's tokens are few enough to be listed.
  bool listed() const { return inputs_.tokens.count() > 0; }
  // Makes the products of one gate's unit panel j; weights, bias, start and width are the caller's.
  void make(int j, int gate, kernels::Product<Real> product);
  // Has a product of that panel and gate, of step t and those behind it, start from them.
  void start(int j, int gate, int t, kernels::Product<Real>& product) const {
    product.start = kernels::Start::rows;
    product.rows = values_.data() + panel(j, gate);
    product.row_of = inputs_.tokens.numbers(t);
    product.row_of_stride = inputs_.tokens.stride();
  }

 private:
  std::size_t panel(int j, int gate) const {
    return units_.offset(j, gate, gates_, inputs_.tokens.most());
  }

  const DistinctRows<Real>& inputs_;
  Panels units_;
  int gates_;
  std::vector<kernels::Stretch> chain_;
  Buffer<Real> values_;  // [unit panel][gate][number of the token][width]
};

}  // namespace rondo
