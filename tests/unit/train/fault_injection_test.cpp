#include "train/watch/fault_injection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <new>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

Config failing(const char* how, const char* phase) {
  Config config;
  config.fail_rank = 1;
  config.fail_at = 5;
  config.fail_with = how;
  config.fault_phase = phase;
  return config;
}

TEST(FaultInjection, EveryActivityOfARunCanFail) {
  const ConfigKey* key = find_config_key("fault-phase");
  for (const std::string_view name : activity_names) {
    Config config;
    if (name == "start" || name == "end" || name == "joining") {
      EXPECT_THROW(key->parse(config, std::string(name)), InputError) << name;
    } else {
      key->parse(config, std::string(name));
      EXPECT_EQ(config.fault_phase, name);
    }
  }
}

TEST(FaultInjection, NobodyFailsUnasked) {
  for (const int rank : {0, 1, 2}) EXPECT_EQ(FaultInjection::make(Config{}, rank), nullptr);
  EXPECT_EQ(FaultInjection::make(failing("error", "reduce"), 0), nullptr);
}

TEST(FaultInjection, FailsOnceAtItsPlaceAndNowhereElse) {
  std::vector<std::byte> weights(8);
  const auto faults = FaultInjection::make(failing("error", "reduce"), 1);
  ASSERT_NE(faults, nullptr);
  faults->meet({4, Activity::reduce}, weights);
  faults->meet({5, Activity::forward}, weights);
  EXPECT_THROW(faults->meet({5, Activity::reduce}, weights), RunError);
  faults->meet({5, Activity::reduce}, weights);
}

TEST(FaultInjection, FailsInTheWayAskedFor) {
  std::vector<std::byte> weights(8);
  const auto memory = FaultInjection::make(failing("memory", "data"), 1);
  EXPECT_THROW(memory->meet({5, Activity::data}, weights), std::bad_alloc);
  const auto corruption = FaultInjection::make(failing("corruption", "optimizer"), 1);
  corruption->meet({5, Activity::optimizer}, weights);
  EXPECT_EQ(std::count(weights.begin(), weights.end(), std::byte{0}), 7);
}

TEST(FaultInjection, ATransientBitIsItselfAgainInTheNextPhase) {
  std::vector<std::byte> weights(8);
  const auto transient = FaultInjection::make(failing("transient", "forward"), 1);
  transient->meet({5, Activity::forward}, weights);
  EXPECT_EQ(std::count(weights.begin(), weights.end(), std::byte{0}), 7);
  for (const Activity next : {Activity::backward, Activity::forward}) {
    transient->meet({5, next}, weights);
    EXPECT_EQ(std::count(weights.begin(), weights.end(), std::byte{0}), 8);
  }
}

}  // namespace
}  // namespace rondo
