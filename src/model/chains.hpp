// The chains of products that run over all units of an activation, or of several gates.
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

// Gate after gate, and within a gate unit after unit: the chain of the backward products.
inline std::vector<kernels::Stretch> gates_chain(const Panels& units, int slots,
                                                 const std::vector<int>& gates, int lanes) {
  std::vector<kernels::Stretch> chain;
  chain.reserve(gates.size() * static_cast<std::size_t>(units.count()));
  for (const int slot : gates) {
    for (int j = 0; j < units.count(); ++j) {
      chain.push_back({units.offset(j, slot, slots, lanes), units.width(j), units.valid(j)});
    }
  }
  return chain;
}

}  // namespace rondo
