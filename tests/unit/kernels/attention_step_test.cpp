#include <gtest/gtest.h>

#include <cmath>

#include "comparison.hpp"
#include "kernels/attention/positions.hpp"
#include "rondo/core/flushed.hpp"
#include "rondo/kernels/attention/step.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo::kernels {
namespace {

constexpr int lanes = 3, lane = 1, source_lane = 2;

// Rows of one lane in steps of an activation; other lanes hold 7, padding +0.
template <class Real>
struct Rows {
  Panels units;
  std::vector<Real> values;

  Rows(int width, int steps, int own_lane, int number, double scale = 1) : units{width} {
    values.assign(units.step_size(lanes) * static_cast<std::size_t>(steps), Real(7));
    const auto drawn = normal_values<Real>(
        static_cast<std::size_t>(steps) * static_cast<std::size_t>(width), number, scale);
    std::size_t next = 0;
    for (int step = 0; step < steps; ++step) {
      for (int u = 0; u < units.padded(); ++u) {
        at(step, own_lane, u) = u < width ? drawn[next++] : Real(0);
      }
    }
  }
  std::size_t stride() const { return units.step_size(lanes); }
  Real& at(int step, int of_lane, int unit) {
    return values[static_cast<std::size_t>(step) * stride() + units.index(of_lane, unit, lanes)];
  }
};

template <class Real>
struct Case {
  int positions;
  bool additive, shared;  // scores; keys that are the states
  Rows<Real> query, keys, states, context;
  std::vector<Real> score, weights, slopes;
  Rows<Real> context_gradient, query_gradient, key_gradients, state_gradients, score_gradient;

  Case(int width, int state_width, int count, bool sums, bool same = false)
      : positions(count),
        additive(sums),
        shared(same),
        query(width, 1, lane, 1, 0.4),
        keys(width, count, source_lane, 2),
        states(state_width, count, source_lane, 3),
        context(state_width, 1, lane, 4),
        score(static_cast<std::size_t>(Panels{width}.padded())),
        weights(static_cast<std::size_t>(count), Real(3)),
        slopes(static_cast<std::size_t>(count), Real(3)),
        context_gradient(state_width, 1, lane, 5),
        query_gradient(width, 1, lane, 6),
        key_gradients(width, count, source_lane, 7),
        state_gradients(state_width, count, source_lane, 8),
        score_gradient(width, 1, lane, 9) {
    const auto drawn = normal_values<Real>(static_cast<std::size_t>(width), 10);
    std::copy(drawn.begin(), drawn.end(), score.begin());
  }
  AttentionStep<Real> step() {
    Rows<Real>& of = shared ? states : keys;
    return {query.units,
            states.units,
            lanes,
            lane,
            source_lane,
            positions,
            query.values.data(),
            of.values.data(),
            of.stride(),
            states.values.data(),
            states.stride(),
            additive ? score.data() : nullptr,
            weights.data()};
  }
  void run() {
    attend_step(step(), context.values.data());
    AttentionGradients<Real> gradients;
    gradients.context = context_gradient.values.data();
    gradients.states = state_gradients.values.data();
    gradients.keys = (shared ? state_gradients : key_gradients).values.data();
    gradients.query = query_gradient.values.data();
    gradients.weights = slopes.data();
    if (additive) gradients.score = score_gradient.values.data();
    attend_step_backward(step(), gradients);
  }
};

void expect_same(Case<float>& one, Case<float>& other) {
  const auto same = [](const std::vector<float>& a, const std::vector<float>& b, const char* what) {
    expect_same_bits<float>(a, b, what);
  };
  same(one.weights, other.weights, "weights");
  same(one.context.values, other.context.values, "context");
  same(one.slopes, other.slopes, "gradients at scores");
  same(one.query_gradient.values, other.query_gradient.values, "query");
  same(one.key_gradients.values, other.key_gradients.values, "keys");
  same(one.state_gradients.values, other.state_gradients.values, "states");
  same(one.score_gradient.values, other.score_gradient.values, "v");
}

TEST(AttentionStep, HasTheBitsOfItsTwinOnEachTarget) {
  for (const int width : {1, 17, 64, 130, 4200}) {
    for (const int positions : {1, 3, 16, 65, 200}) {
      if (width * positions > 100000) continue;
      for (const int variant : {0, 1, 2}) {
        SCOPED_TRACE(testing::Message()
                     << width << " units, " << positions << " positions, " << variant);
        const int state_width = variant == 2 ? width : width + 5;
        Case<float> twin(width, state_width, positions, variant == 1, variant == 2);
        on_reference([&] { twin.run(); });
        on_each_target([&] {
          Case<float> test(width, state_width, positions, variant == 1, variant == 2);
          test.run();
          expect_same(test, twin);
        });
      }
    }
  }
}

// Sum over units as it is written down.
template <class Term>
double over_units(int units, Term term) {
  return sum_over_positions<double>(units, term);
}

// Against the formulas, in double and without an order.
TEST(AttentionStep, IsWhatTheFormulasSay) {
  for (const bool additive : {false, true}) {
    constexpr int width = 70, state_width = 9, positions = 5;
    Case<double> test(width, state_width, positions, additive);
    Case<double> before = test;
    test.run();
    std::vector<double> weights, slopes;
    double sum = 0, mean = 0;
    const auto e = [&](int i, int u) {
      return std::tanh(before.query.at(0, lane, u) + before.keys.at(i, source_lane, u));
    };
    for (int i = 0; i < positions; ++i) {
      const double score = over_units(width, [&](int u) {
        return additive ? before.score[static_cast<std::size_t>(u)] * e(i, u)
                        : before.query.at(0, lane, u) * before.keys.at(i, source_lane, u);
      });
      weights.push_back(std::exp(score));
      sum += weights.back();
    }
    for (double& weight : weights) weight /= sum;
    for (int i = 0; i < positions; ++i) {
      const auto at = static_cast<std::size_t>(i);
      EXPECT_NEAR(test.weights[at], weights[at], 1e-12);
      slopes.push_back(over_units(state_width, [&](int u) {
        return before.context_gradient.at(0, lane, u) * before.states.at(i, source_lane, u);
      }));
      mean += weights[at] * slopes[at];
    }
    for (int u = 0; u < state_width; ++u) {
      double context = 0;
      for (int i = 0; i < positions; ++i) {
        const double weight = weights[static_cast<std::size_t>(i)];
        context += weight * before.states.at(i, source_lane, u);
        EXPECT_NEAR(test.state_gradients.at(i, source_lane, u),
                    before.state_gradients.at(i, source_lane, u) +
                        weight * before.context_gradient.at(0, lane, u),
                    1e-12);
      }
      EXPECT_NEAR(test.context.at(0, lane, u), context, 1e-12);
    }
    for (int u = 0; u < width; ++u) {
      double query = before.query_gradient.at(0, lane, u), score = 0;
      for (int i = 0; i < positions; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const double d = weights[at] * (slopes[at] - mean);
        const double term =
            additive ? d * before.score[static_cast<std::size_t>(u)] * (1 - e(i, u) * e(i, u))
                     : d * before.query.at(0, lane, u);
        EXPECT_NEAR(test.key_gradients.at(i, source_lane, u),
                    before.key_gradients.at(i, source_lane, u) + term, 1e-12);
        query += additive ? term : d * before.keys.at(i, source_lane, u);
        score += d * e(i, u);
      }
      EXPECT_NEAR(test.query_gradient.at(0, lane, u), query, 1e-12);
      if (!additive) continue;
      EXPECT_NEAR(test.score_gradient.at(0, lane, u), score, 1e-12);
    }
    EXPECT_EQ(test.context.at(0, 0, 0), 7);  // another lane's
    EXPECT_EQ(test.key_gradients.at(1, 0, 0), 7);
  }
}

}  // namespace
}  // namespace rondo::kernels
