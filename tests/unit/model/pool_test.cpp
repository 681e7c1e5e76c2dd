#include "model/heads/pool.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace rondo {
namespace {

// A value for each place.
float value_of(int t, int lane, int unit) {
  return static_cast<float>(1000 * t + 200 * lane + unit + 1);
}

TEST(Pool, OfLastStatesTakesAReversedDirectionsFromTheFirstStep) {
  constexpr int lanes = 3, times = 6, units = 150, reversed = 70;
  const Panels panels{units};
  const std::size_t step = panels.step_size(lanes);
  Buffer<float> values(step * times), gradient(step * times, 9.0F);
  for (int t = 0; t < times; ++t) {
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < units; ++unit) {
        values[static_cast<std::size_t>(t) * step + panels.index(lane, unit, lanes)] =
            value_of(t, lane, unit);
      }
    }
  }
  Window window = make_window(times, lanes, {});
  window.axes[0].spans = {{4, 0, 1, 3}, {5, 2, 0, 1}, {6, 2, 1, 5}};
  window.axes[0].begins = {0, 1, 1, 3};
  const WindowView view(window, 0);
  Allocations memory;
  Pool<float> pool(Pooling::last, reversed, {values.data(), step, panels},
                   {gradient.data(), step, panels}, false, {lanes, times, true}, memory);
  pool.forward(view, {0, lanes});
  std::iota(pool.output_gradient().data, pool.output_gradient().at(times), 1.0F);
  BackwardListener nobody;
  pool.backward(view, {0, lanes}, nobody);

  Buffer<float> expected(step * times), expected_gradient(step * times);
  for (const Span& span : window.axes[0].spans) {
    for (int unit = 0; unit < units; ++unit) {
      const int from = unit < units - reversed ? span.last() : span.first;
      const std::size_t at = panels.index(span.lane, unit, lanes);
      const std::size_t there = static_cast<std::size_t>(span.last()) * step + at;
      expected[there] = value_of(from, span.lane, unit);
      expected_gradient[static_cast<std::size_t>(from) * step + at] =
          pool.output_gradient().data[there];
    }
  }
  // Padding is nobody's, of gradients too.
  for (int t = 0; t < times; ++t) {
    for (int lane = 0; lane < lanes; ++lane) {
      for (int unit = 0; unit < units; ++unit) {
        const std::size_t at = static_cast<std::size_t>(t) * step + panels.index(lane, unit, lanes);
        EXPECT_EQ(pool.output().data[at], expected[at]) << t << ' ' << lane << ' ' << unit;
        EXPECT_EQ(gradient[at], expected_gradient[at]) << t << ' ' << lane << ' ' << unit;
      }
    }
  }
}

}  // namespace
}  // namespace rondo
