// What the tests of the kernels share: each vector target against the reference twins, bit for bit.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "rondo/core/random.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::kernels {

// Calls body(name) with each vector target of this machine selected, then selects the best again.
template <class Body>
void on_each_target(Body&& body) {
  for (const std::string& name : supported_targets()) {
    SCOPED_TRACE(name);
    select_target(name);
    body();
  }
  select_target("auto");
}

// Calls body() with the twins selected.
template <class Body>
void on_reference(Body&& body) {
  select_target("reference");
  body();
  select_target("auto");
}

// Equal in every bit; NaNs count as equal, since IEEE 754 leaves their payload open.
template <class Real>
bool same_bits(Real a, Real b) {
  return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0;
}

template <class Real>
void expect_same_bits(std::span<const Real> values, std::span<const Real> expected,
                      const std::string& what) {
  ASSERT_EQ(values.size(), expected.size()) << what;
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_TRUE(same_bits(values[i], expected[i]))
        << what << " [" << i << "]: " << values[i] << " instead of " << expected[i];
  }
}

// Normal deviates times `scale`; the stream is numbered.
template <class Real>
std::vector<Real> normal_values(std::size_t count, int number, double scale = 1) {
  const RandomStream stream(99, Purpose::test, static_cast<std::uint64_t>(number));
  std::vector<Real> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<Real>(scale * stream.normal(i));
  return values;
}

}  // namespace rondo::kernels
