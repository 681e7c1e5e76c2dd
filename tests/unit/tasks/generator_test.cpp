#include "rondo/tasks/generator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/language_model.hpp"

namespace rondo {
namespace {

using Tokens = std::vector<std::int32_t>;

// A network of five tokens; without weights each has the probability that its output bias says.
class GeneratorTest : public testing::Test {
 protected:
  GeneratorTest() : pool_(1, kernels::set_float_mode) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    shape_.cell = "lstm";
    shape_.layers = 1;
    shape_.hidden = 6;
    shape_.embedding = 4;
    shape_.vocabulary = 5;
    layout_ = shape_.plan().layout();
    parameters_.resize(layout_.size());
    options_.length = 2000;
  }
  void set_probabilities(const std::vector<double>& probabilities) {
    for (const Segment& segment : layout_.segments()) {
      if (segment.name != "output.bias") continue;
      for (std::size_t i = 0; i < probabilities.size(); ++i) {
        parameters_[segment.offset + segment.index(static_cast<int>(i), 0)] =
            static_cast<float>(std::log(probabilities[i]));
      }
    }
  }
  void set_random_weights() {
    const RandomStream random(3, Purpose::test);
    for (const Segment& segment : layout_.segments()) {
      for (int row = 0; row < segment.rows(); ++row) {
        for (int column = 0; column < segment.columns; ++column) {
          const std::size_t at = segment.offset + segment.index(row, column);
          parameters_[at] = static_cast<float>(random.normal(at));
        }
      }
    }
  }
  Tokens generated() {
    Tokens tokens;
    generate<float>(shape_, layout_, parameters_.data(), prompt_, options_, pool_,
                    [&](std::int32_t token) { tokens.push_back(token); });
    return tokens;
  }
  std::vector<Tokens> samples(int count) {
    return generate_samples<float>(shape_, layout_, parameters_.data(), prompt_, options_, count,
                                   pool_);
  }
  // Shares of the tokens in a text.
  std::vector<double> shares() {
    std::vector<double> counts(5);
    const Tokens tokens = generated();
    for (const std::int32_t token : tokens) {
      counts[static_cast<std::size_t>(token)] += 1.0 / static_cast<double>(tokens.size());
    }
    return counts;
  }
  void expect_shares(const std::vector<double>& expected) {
    const std::vector<double> seen = shares();
    for (std::size_t i = 0; i < seen.size(); ++i) {
      EXPECT_NEAR(seen[i], expected[i], expected[i] == 0 ? 0 : 0.04) << i;
    }
  }

  ModelShape shape_;
  ParameterLayout layout_;
  Buffer<float> parameters_;
  ThreadPool pool_;
  Tokens prompt_{1, 2};
  GenerateOptions options_;
};

TEST_F(GeneratorTest, DrawsByTheSoftmax) {
  set_probabilities({0.1, 0.4, 0.2, 0.25, 0.05});
  expect_shares({0.1, 0.4, 0.2, 0.25, 0.05});
  options_.temperature = 0;
  EXPECT_EQ(generated(), Tokens(2000, 1));
}

TEST_F(GeneratorTest, TopKLeavesTheLikeliest) {
  set_probabilities({0.1, 0.4, 0.2, 0.25, 0.05});
  options_.top_k = 2;
  expect_shares({0, 0.4 / 0.65, 0, 0.25 / 0.65, 0});
  options_.top_k = 1;
  EXPECT_EQ(generated(), Tokens(2000, 1));
  options_.top_k = 0;
  const Tokens all = generated();
  options_.top_k = 5;
  EXPECT_EQ(generated(), all);
  options_.top_k = 1'000'000;
  EXPECT_EQ(generated(), all);
}

TEST_F(GeneratorTest, OfEquallyLikelyTokensTheLowerOnesStay) {
  set_probabilities({0.2, 0.2, 0.2, 0.2, 0.2});
  options_.top_k = 2;
  expect_shares({0.5, 0.5, 0, 0, 0});
}

TEST_F(GeneratorTest, TopPLeavesTheFewestThatHoldTheShare) {
  set_probabilities({0.1, 0.4, 0.2, 0.25, 0.05});
  options_.top_p = 0.6;
  expect_shares({0, 0.4 / 0.65, 0, 0.25 / 0.65, 0});
  options_.top_p = 1e-9;
  EXPECT_EQ(generated(), Tokens(2000, 1));
  // Of the three likeliest, 0.47, 0.29 and 0.24 of what they hold.
  options_.top_k = 3;
  options_.top_p = 0.7;
  expect_shares({0, 0.4 / 0.65, 0, 0.25 / 0.65, 0});
}

TEST_F(GeneratorTest, ATokenMayBeLeftOut) {
  set_probabilities({0.1, 0.4, 0.2, 0.25, 0.05});
  options_.never = 1;
  expect_shares({0.1 / 0.6, 0, 0.2 / 0.6, 0.25 / 0.6, 0.05 / 0.6});
  options_.temperature = 0;
  EXPECT_EQ(generated(), Tokens(2000, 3));
}

TEST_F(GeneratorTest, SamplesAreTheSameHoweverManyThereAre) {
  set_random_weights();
  options_.length = 50;
  options_.top_k = 4;
  const std::vector<Tokens> five = samples(5), two = samples(2);
  EXPECT_EQ(five[0], generated());
  EXPECT_EQ(two[0], five[0]);
  EXPECT_EQ(two[1], five[1]);
  EXPECT_EQ(std::set<Tokens>(five.begin(), five.end()).size(), 5U);
}

TEST_F(GeneratorTest, NeedsAPrompt) {
  prompt_.clear();
  EXPECT_THROW(generated(), InputError);
}

}  // namespace
}  // namespace rondo
