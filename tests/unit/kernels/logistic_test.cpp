#include "rondo/kernels/losses/logistic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "comparison.hpp"
#include "rondo/core/labels.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::kernels {
namespace {

constexpr int lanes = 4;

// Random logits of `count` labels, of which each lane has every third or so; lane 2 is masked.
template <class Real>
struct Case {
  Panels labels;
  int words;
  std::vector<Real> logits;
  std::vector<std::int32_t> target;
  std::vector<double> loss = std::vector<double>(lanes, 7);

  explicit Case(int count) : labels{count}, words(words_of_labels(count)) {
    logits.assign(labels.step_size(lanes), Real(50));
    target.assign(static_cast<std::size_t>(lanes * words), 0);
    const auto drawn = normal_values<Real>(static_cast<std::size_t>(lanes * count), 8, 4);
    for (int lane = 0; lane < lanes; ++lane) {
      for (int label = 0; label < count; ++label) {
        at(lane, label) = drawn[static_cast<std::size_t>(lane * count + label)];
        if ((label * 7 + lane) % 3 == 0) set_label(of(lane), label);
      }
    }
    for (std::int32_t& word : of(2)) word = -1;
  }
  Real& at(int lane, int label) { return logits[labels.index(lane, label, lanes)]; }
  std::span<std::int32_t> of(int lane) {
    return std::span(target).subspan(static_cast<std::size_t>(lane * words),
                                     static_cast<std::size_t>(words));
  }
  LogisticStep<Real> step(bool gradient) {
    return {labels, 0, lanes, 0, lanes, logits.data(), target.data(), words, loss.data(), gradient};
  }
};

// As the formula has it, in double.
template <class Real>
void expect_close(int count, double tolerance) {
  SCOPED_TRACE(count);
  Case<Real> test(count);
  Case<Real> after = test;
  logistic_cross_entropy(after.step(true));
  for (int lane = 0; lane < lanes; ++lane) {
    double loss = 0;
    for (int label = 0; label < count && lane != 2; ++label) {
      const double x = static_cast<double>(test.at(lane, label));
      const double y = has_label(test.of(lane).data(), label) ? 1 : 0;
      const double p = 1 / (1 + std::exp(-x));
      loss += std::log1p(std::exp(y > 0 ? -x : x));
      ASSERT_NEAR(after.at(lane, label), p - y, tolerance);
    }
    EXPECT_NEAR(after.loss[static_cast<std::size_t>(lane)], loss, tolerance * (1 + loss));
    for (int label = lane == 2 ? 0 : count; label < test.labels.padded(); ++label) {
      ASSERT_EQ(after.at(lane, label), Real(0));
    }
  }
}

TEST(Logistic, IsBinaryCrossEntropyOfEachLabel) {
  set_float_mode();
  for (const int count : {1, 3, 31, 32, 64, 65, 200}) {
    expect_close<float>(count, 1e-6);
    expect_close<double>(count, 1e-12);
  }
}

TEST(Logistic, OfSomeLabelsIsThatOfAll) {
  Case<float> all(150), some(150);
  logistic_cross_entropy(all.step(true));
  // The panels from label 64 on, as a part of a head's memory.
  LogisticStep<float> step = some.step(true);
  step.labels = {150 - 64};
  step.first = 64;
  step.logits += Panels{150}.offset(1, lanes);
  step.loss = nullptr;
  logistic_cross_entropy(step);
  for (int label = 64; label < 150; ++label) EXPECT_EQ(some.at(1, label), all.at(1, label));
  EXPECT_EQ(some.loss[1], 7);
}

TEST(Logistic, IsRightFarOutAndKeepsANaN) {
  Case<float> test(4);
  for (std::int32_t& word : test.target) word = 0b0110;
  test.at(0, 0) = 1000;
  test.at(0, 1) = 1000;
  test.at(0, 2) = -1000;
  test.at(0, 3) = -1000;
  test.at(1, 3) = std::numeric_limits<float>::quiet_NaN();
  logistic_cross_entropy(test.step(true));
  EXPECT_EQ(test.loss[0], 2000);
  EXPECT_EQ(test.at(0, 0), 1.0F);
  EXPECT_EQ(test.at(0, 1), 0.0F);
  EXPECT_EQ(test.at(0, 2), -1.0F);
  EXPECT_EQ(test.at(0, 3), 0.0F);
  EXPECT_TRUE(std::isnan(test.loss[1]));
  EXPECT_TRUE(std::isnan(test.at(1, 3)));
}

}  // namespace
}  // namespace rondo::kernels
