// What the parts of prove_target share (kernels/targets/target.hpp): made-up numbers, and the
// proofs of one subject.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "rondo/core/random.hpp"

namespace rondo::kernels {

using Values = std::vector<float>;

// In (-scale, scale).
inline Values numbers(std::size_t size, std::uint64_t seed, double scale) {
  const RandomStream stream(seed, Purpose::test);
  Values values(size);
  for (std::size_t i = 0; i < size; ++i) {
    values[i] = static_cast<float>(scale * (2.0 * stream.uniform(i) - 1.0));
  }
  return values;
}

inline void append(Values& all, const Values& more) {
  all.insert(all.end(), more.begin(), more.end());
}

inline constexpr int kLanes = 7;

// What a kernel gives at odd shapes, on the selected target.
struct Proof {
  std::string kernel;
  std::function<Values()> run;
};

std::vector<Proof> cell_proofs();

}  // namespace rondo::kernels
