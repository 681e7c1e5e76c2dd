// What the tables of optimizers and schedules say of their lines is so.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "rondo/core/buffer.hpp"
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
