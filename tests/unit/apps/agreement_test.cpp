#include "apps/training/agreement.hpp"

#include <gtest/gtest.h>

#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

// What each of three ranks is told where rank 1 holds another text.
std::vector<std::string> told(const std::string& text, const std::string& other, const char* what) {
  std::vector<std::string> sentences(3);
  run_in_process(3, [&](Communicator& world) {
    try {
      check_same(world, world.rank() == 1 ? other : text, what);
    } catch (const InputError& error) {
      sentences[static_cast<std::size_t>(world.rank())] = error.what();
    }
  });
  return sentences;
}

TEST(Agreement, RanksOfAnotherVersionAreRefusedByAll) {
  const std::string newer = program_text() + "1";
  const std::string expected =
      "rank 1 was started with another version of rondo than rank 0; all ranks must agree";
  EXPECT_EQ(told(program_text(), newer, "version of rondo"),
            (std::vector<std::string>{expected, expected, expected}));
  EXPECT_EQ(told(newer, newer, "version of rondo"), std::vector<std::string>(3));
}

TEST(Agreement, TheVersionNamesItsNumerics) {
  EXPECT_NE(program_text().find("numerics 1"), std::string::npos);
}

TEST(Agreement, WhatAHostHasForItselfMayDiffer) {
  Config one, other;
  other.data = "/local/data.rondo";
  other.threads = 7;
  other.vector = "avx2";
  other.memory = 99;
  EXPECT_EQ(shared_config_text(one), shared_config_text(other));
  other.hang_minutes = 3;
  EXPECT_NE(shared_config_text(one), shared_config_text(other));
}

}  // namespace
}  // namespace rondo::apps
