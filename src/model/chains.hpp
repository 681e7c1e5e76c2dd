// The chains of products that run over all units of an activation, or of several gates.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "rondo/core/panels.hpp"
#include "rondo/kernels/products/product.hpp"

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

// Consecutive stretches of a chain.
struct ChainPiece {
  std::span<const kernels::Stretch> stretches;
  int begin = 0;  // k of the chain before them
  bool last = false;
};

// Calls body(part) for the parts of a chain whose source every panel of a weight matrix reads: as
// many stretches, of `rows` (time, lane), as stay in the second cache while the panels pass by.
// Between parts the partial chains lie in the products' outputs, which changes no bit. `before`: k
// of the matrix in front of `chain`, whose products have been made.
template <class Body>
void for_each_part(std::span<const kernels::Stretch> chain, int before, int rows,
                   const Body& body) {
  constexpr std::size_t values = 65536;
  const std::size_t row = static_cast<std::size_t>(Panels::full) * static_cast<std::size_t>(rows);
  const std::size_t most = std::max(std::size_t{2}, values / row);
  ChainPiece part{{}, before};
  for (std::size_t first = 0; first < chain.size(); first += part.stretches.size()) {
    part.stretches = chain.subspan(first, std::min(most, chain.size() - first));
    part.last = first + part.stretches.size() == chain.size();
    body(part);
    for (const kernels::Stretch& stretch : part.stretches) part.begin += stretch.count;
  }
}

}  // namespace rondo
