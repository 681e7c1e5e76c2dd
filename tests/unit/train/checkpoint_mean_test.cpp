#include "rondo/train/checkpoint_mean.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "input_error.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/counters.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

class CheckpointMeanTest : public testing::Test {
 protected:
  CheckpointMeanTest()
      : folder_(fs::temp_directory_path() / fmt::format("rondo-mean-{}", getpid())) {
    fs::create_directories(folder_);
  }
  ~CheckpointMeanTest() override { fs::remove_all(folder_); }

  template <class Real>
  static NamedState state_of(const std::vector<Real>& values, std::int64_t step = 0) {
    NamedState state;
    Counters counters;
    counters.step = step;
    counters.save(state);
    state.put<Real>("parameters/w", values, {values.size()});
    return state;
  }
  void write(std::int64_t step, const std::vector<float>& values) {
    write_checkpoint(checkpoint_path(folder_, step), state_of<float>(values, step));
  }
  ModelFile mean_of(std::int64_t count) {
    return read_mean_model(folder_, count,
                           [this](const std::string& text) { warnings_.push_back(text); });
  }
  template <class Real>
  static std::vector<Real> parameters_of(const NamedState& state) {
    const auto values = state.get<Real>("parameters/w", state.get("parameters/w").shape);
    return {values.begin(), values.end()};
  }

  fs::path folder_;
  std::vector<std::string> warnings_;
};

TEST_F(CheckpointMeanTest, IsAddedInOrderAndRoundedOnce) {
  // In float 2^24 + 1 is lost, and in double 2^53 + 1, unless it comes behind 2^53 - 2^53.
  CheckpointMean of_floats;
  for (const float value : {0x1p24F, 1.0F, 1.0F, 0.0F}) {
    of_floats.add(state_of<float>({value, -value}), "a");
  }
  NamedState state = state_of<float>({7, 7}, 3);
  of_floats.replace_parameters(state);
  EXPECT_EQ(parameters_of<float>(state),
            (std::vector<float>{(0x1p24F + 2) / 4, -(0x1p24F + 2) / 4}));
  EXPECT_EQ(state.get_scalar<std::int64_t>("counters/step"), 3);

  CheckpointMean of_doubles;
  for (const double value : {0x1p53, -0x1p53, 1.0}) of_doubles.add(state_of<double>({value}), "a");
  state = state_of<double>({7});
  of_doubles.replace_parameters(state);
  EXPECT_EQ(parameters_of<double>(state), (std::vector<double>{1.0 / 3}));
}

TEST_F(CheckpointMeanTest, TakesWhatEachIsEvaluatedBy) {
  NamedState averaged = state_of<float>({100});
  averaged.put<float>("average/w", std::vector<float>{2}, {1});
  CheckpointMean mean;
  mean.add(state_of<float>({4}), "a");
  mean.add(averaged, "b");
  mean.replace_parameters(averaged);
  EXPECT_EQ(parameters_of<float>(averaged), (std::vector<float>{3}));
  EXPECT_FALSE(averaged.has("average/w"));
}

TEST_F(CheckpointMeanTest, RefusesAnotherModel) {
  CheckpointMean mean;
  mean.add(state_of<float>({1, 2}), "a.h5");
  EXPECT_NE(test::error_of([&] {
              mean.add(state_of<float>({1}), "b.h5");
            }).find("b.h5 is of another model than a.h5, by its 'w'"),
            std::string::npos);
  EXPECT_THROW(mean.add(state_of<double>({1, 2}), "b.h5"), InputError);
  EXPECT_THROW(mean.add(NamedState(), "b.h5"), InputError);
  NamedState more = state_of<float>({1, 2});
  more.put<float>("parameters/v", std::vector<float>{2}, {1});
  EXPECT_THROW(mean.add(more, "b.h5"), InputError);
}

TEST_F(CheckpointMeanTest, IsThatOfTheNewestWholeOnes) {
  for (const std::int64_t step : {10, 20, 30, 40}) write(step, {static_cast<float>(step)});
  EXPECT_EQ(parameters_of<float>(mean_of(1).state), (std::vector<float>{40}));
  const ModelFile of_three = mean_of(3);
  EXPECT_EQ(parameters_of<float>(of_three.state), (std::vector<float>{30}));
  EXPECT_EQ(of_three.state.get_scalar<std::int64_t>("counters/step"), 40);
  EXPECT_TRUE(of_three.path.string().ends_with("checkpoint-000000000040.h5 (mean of 3)"));
  EXPECT_TRUE(warnings_.empty());

  fs::resize_file(checkpoint_path(folder_, 30), 600);
  EXPECT_EQ(parameters_of<float>(mean_of(2).state), (std::vector<float>{30}));  // of 20 and 40
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("the mean is made without it"), std::string::npos);
  EXPECT_NE(test::error_of([&] { mean_of(4); }).find("has 3 whole checkpoints, and the mean of 4"),
            std::string::npos);
  EXPECT_NE(test::error_of([&] {
              read_mean_model(checkpoint_path(folder_, 40), 2, [](const std::string&) {});
            }).find("is one checkpoint"),
            std::string::npos);
}

}  // namespace
}  // namespace rondo
