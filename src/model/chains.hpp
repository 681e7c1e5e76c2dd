// The chain of a product that runs over all units of an activation.
#pragma once

#include <vector>

#include "rondo/core/panels.hpp"
#include "rondo/kernels/product.hpp"

namespace rondo {

inline std::vector<kernels::Stretch> activation_chain(const Panels& panels, int lanes) {
  std::vector<kernels::Stretch> chain;
  chain.reserve(static_cast<std::size_t>(panels.count()));
  for (int p = 0; p < panels.count(); ++p) {
    chain.push_back({panels.offset(p, lanes), panels.width(p), panels.valid(p)});
  }
  return chain;
}

}  // namespace rondo
