#include "rondo/kernels/targets/target.hpp"

#include <gtest/gtest.h>

#include <cfenv>
#include <set>
#include <string>
#include <thread>

#include "kernels/targets/dispatch.hpp"
#include "rondo/core/errors.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace rondo::kernels {
namespace {

class Target : public ::testing::Test {
 protected:
  void TearDown() override {
    select_target("auto");
    set_float_mode();
  }
};

TEST_F(Target, OnlyTargetsWithFusedMultiplyAddAreOffered) {
  const std::set<std::string> known = {"avx512", "avx2", "neon"};
  const auto names = supported_targets();
  ASSERT_FALSE(names.empty());
  for (const std::string& name : names) EXPECT_TRUE(known.contains(name)) << name;
}

TEST_F(Target, AutoIsTheBest) {
  select_target("auto");
  EXPECT_EQ(selected_target(), supported_targets().front());
}

TEST_F(Target, EachCanBeSelectedAndTheOthersStayOffered) {
  const auto names = supported_targets();
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    select_target(*name);
    EXPECT_EQ(selected_target(), *name);
    EXPECT_FALSE(reference_selected());
    EXPECT_EQ(supported_targets(), names);
  }
}

TEST_F(Target, ReferenceIsSelectedAndLeft) {
  select_target("reference");
  EXPECT_TRUE(reference_selected());
  EXPECT_EQ(selected_target(), "reference");
  select_target("auto");
  EXPECT_FALSE(reference_selected());
}

TEST_F(Target, AnUnknownTargetIsRefusedAndTheChoiceStays) {
  const std::string before = selected_target();
  try {
    select_target("sse4");
    FAIL() << "sse4 was accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("sse4"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find(before), std::string::npos) << error.what();
  }
  EXPECT_EQ(selected_target(), before);
}

TEST_F(Target, EveryTargetIsProven) {
  for (const std::string& name : supported_targets()) {
    select_target(name);
    EXPECT_NO_THROW(prove_target());
    EXPECT_EQ(selected_target(), name);
  }
}

TEST_F(Target, AnotherRoundingModeIsFoundAndPutRight) {
  std::fesetround(FE_UPWARD);
  EXPECT_THROW(check_float_mode(), RunError);
  set_float_mode();
  EXPECT_NO_THROW(check_float_mode());
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

#if defined(__x86_64__)
TEST_F(Target, FlushedDenormalsAreFoundAndPutRight) {
  for (unsigned bit : {0x8000U, 0x0040U}) {
    _mm_setcsr(_mm_getcsr() | bit);
    EXPECT_THROW(check_float_mode(), RunError);
    set_float_mode();
    EXPECT_NO_THROW(check_float_mode());
    volatile float tiny = 0x1p-140F;
    EXPECT_GT(tiny * 0.5F, 0.0F);
  }
}
#endif

}  // namespace
}  // namespace rondo::kernels
