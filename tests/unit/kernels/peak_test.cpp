#include "rondo/kernels/targets/peak.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rondo/kernels/targets/target.hpp"

namespace rondo::kernels {
namespace {

class Peak : public ::testing::Test {
 protected:
  void TearDown() override { select_target("auto"); }
};

// Wide enough for an emulator and for any processor: what would fail is a unit mixed up, or a
// compiler that left the work out.
constexpr double least = 1e6, most = 6e11;

TEST_F(Peak, EveryTargetHasAPlausibleOne) {
  for (const std::string& name : supported_targets()) {
    select_target(name);
    const double peak = fma_peak();
    EXPECT_GT(peak, least) << name;
    EXPECT_LT(peak, most) << name;
  }
}

TEST_F(Peak, BandwidthIsPlausibleForAnySize) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{4097}, std::size_t{1} << 21}) {
    const double bandwidth = read_bandwidth(bytes);
    EXPECT_GT(bandwidth, least) << bytes;
    EXPECT_LT(bandwidth, most) << bytes;
  }
}

TEST_F(Peak, ProcessorTimePasses) {
  const double begun = thread_seconds();
  fma_peak();
  EXPECT_GT(thread_seconds(), begun);
}

}  // namespace
}  // namespace rondo::kernels
