// What the tables of optimizers and schedules say of their lines is so.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "rondo/core/buffer.hpp"
#include "rondo/optim/clipping.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/optim/schedule.hpp"

namespace rondo {
namespace {

void set(OptimizationSettings& settings, const std::string& name, const std::string& value) {
  for (const auto& key : optimization_settings().keys) {
    if (key.name == name) return key.parse(settings, value);
  }
  FAIL() << "there is no key " << name;
}

// The table's line says which settings an optimizer reads: each of them changes its steps, and no
// other does. (average-patience is read where validations are noted.)
TEST(Optimizer, ReadsTheSettingsOfItsLine) {
  ParameterLayout layout;
  Segment segment;
  segment.name = "w";
  segment.units = 2;
  layout.add(segment);
  ThreadPool pool(1);
  const std::map<std::string, std::string> others = {
      {"momentum", "0.5"}, {"smoothing", "0.5"}, {"beta1", "0.5"},
      {"beta2", "0.5"},    {"epsilon", "0.5"},
  };
  for (const std::string& name : optimizer_names()) {
    const auto parameters_of = [&](const OptimizationSettings& config) {
      Buffer<double> parameters(layout.size()), gradients(layout.size());
      auto optimizer = make_optimizer<double>(config, layout);
      for (int update = 1; update <= 3; ++update) {
        gradients[0] = update;
        gradients[1] = 1.0 / update;
        optimizer->step(1, 0.01, update, parameters, gradients, pool);
      }
      return parameters[0];
    };
    OptimizationSettings config;
    config.optimizer = name;
    const double usual = parameters_of(config);
    const std::vector<std::string>& settings = optimizer_traits(name).settings;
    for (const auto& [key, value] : others) {
      OptimizationSettings other = config;
      set(other, key, value);
      const bool reads = std::find(settings.begin(), settings.end(), key) != settings.end();
      EXPECT_EQ(parameters_of(other) != usual, reads) << name << " " << key;
    }
  }
  EXPECT_THROW(optimizer_traits("no-such"), InputError);
}

// Weights between others, of a table, say: neither the update nor weight decay reaches them or
// their moments, the others' updates are what they are without it, and the gradient's norm is
// theirs.
TEST(Optimizer, LeavesFrozenSegmentsAsTheyAre) {
  constexpr int units = 20'000;  // several pieces of a pass
  ParameterLayout open;
  for (const char* name : {"a", "b", "c"}) {
    Segment segment;
    segment.name = name;
    segment.units = units;
    open.add(segment);
  }
  ParameterLayout layout = open;
  layout.freeze(1);
  const Segment& frozen = layout[1];
  ThreadPool pool(2);
  Buffer<float> gradient(layout.size());
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = static_cast<float>(i % 7) - 2;
  EXPECT_NEAR(gradient_squares<float>(layout, gradient, pool) * 1.5,
              gradient_squares<float>(open, gradient, pool), 10);
  for (const std::string& name : optimizer_names()) {
    OptimizationSettings config;
    config.optimizer = name;
    config.weight_decay = 0.1;
    const auto trained = [&](const ParameterLayout& of, std::vector<Buffer<float>>& moments) {
      Buffer<float> parameters(of.size());
      std::ranges::fill(parameters, 0.5F);
      const auto optimizer = make_optimizer<float>(config, of);
      for (int update = 1; update <= 3; ++update) {
        Buffer<float> own = gradient;
        optimizer->step(0.5, 0.01, update, parameters, own, pool);
      }
      for (const auto& moment : optimizer->moments()) {
        moments.emplace_back(moment.values.size());
        std::ranges::copy(moment.values, moments.back().begin());
      }
      return parameters;
    };
    std::vector<Buffer<float>> moments, all_moments;
    const Buffer<float> some = trained(layout, moments), all = trained(open, all_moments);
    for (std::size_t i = 0; i < some.size(); ++i) {
      const bool is_frozen = i >= frozen.offset && i < frozen.offset + frozen.size;
      ASSERT_EQ(some[i], is_frozen ? 0.5F : all[i]) << name << " " << i;
      for (std::size_t m = 0; m < moments.size(); ++m) {
        ASSERT_EQ(moments[m][i], is_frozen ? 0 : all_moments[m][i]) << name << " " << i;
      }
    }
    EXPECT_NE(all[frozen.offset], 0.5F) << name;
  }
}

// Likewise of schedules, at a step behind the warm-up and two decays.
TEST(Schedule, ReadsTheSettingsOfItsLine) {
  const std::map<std::string, std::string> others = {{"final-rate", "0.0005"},
                                                     {"decay-factor", "0.25"},
                                                     {"decay-after", "3"},
                                                     {"decay-every", "2"}};
  for (const std::string& name : schedule_names()) {
    OptimizationSettings config;
    config.schedule = name;
    config.decay_after = config.decay_every = 1;
    const Course course{.total = 100, .epoch = 3, .decays = 2};
    const double usual = scheduled_rate(config, 50, course);
    const std::vector<std::string>& settings = schedule_traits(name).settings;
    for (const auto& [key, value] : others) {
      OptimizationSettings other = config;
      set(other, key, value);
      const bool reads = std::find(settings.begin(), settings.end(), key) != settings.end();
      EXPECT_EQ(scheduled_rate(other, 50, course) != usual, reads) << name << " " << key;
    }
  }
}

}  // namespace
}  // namespace rondo
