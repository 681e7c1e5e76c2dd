// The list of a sweep's members: what is written is read, and what cannot be of a sweep is refused.
#include "apps/sweep/sweep_folder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "input_error.hpp"
#include "temporary_folder.hpp"

namespace rondo::apps {
namespace {

using Names = std::vector<std::string>;

TEST(SweepFolder, HasItsMembersInTheirOrder) {
  const TemporaryFolder folder;
  EXPECT_FALSE(is_sweep(folder.path()));
  write_members(folder.path(), {"seed=9", "seed=1"});
  EXPECT_TRUE(is_sweep(folder.path()));
  const std::string nine = (folder / "seed=9").string(), one = (folder / "seed=1").string();
  EXPECT_EQ(members_of_sweep(folder.path()), (Names{nine, one}));
  EXPECT_EQ(with_members({"a", folder.path().string(), "b"}), (Names{"a", nine, one, "b"}));
  write_members(folder.path(), {"seed=2"});  // as a sweep does that goes on
  EXPECT_EQ(members_of_sweep(folder.path()), (Names{(folder / "seed=2").string()}));
}

// A member is a folder in the sweep's, so that a list that was tampered with leads nowhere else.
TEST(SweepFolder, NamesNothingOutsideOfIt) {
  const TemporaryFolder folder;
  const std::string list = (folder / "members.jsonl").string();
  for (const char* wrong :
       {"", "seed=1", "7", "{}", R"({"member": 7})", R"({"member": ""})", R"({"member": ".."})",
        R"({"member": "../a"})", R"({"member": "/a"})"}) {
    write_bytes(list, R"({"member":"seed=1"})" + std::string("\n") + wrong + "\n");
    EXPECT_EQ(test::error_of([&] { members_of_sweep(folder.path()); }),
              list + " line 2 names no member of a sweep")
        << wrong;
  }
  write_bytes(list, "");
  EXPECT_EQ(test::error_of([&] { members_of_sweep(folder.path()); }), list + " names no members");
}

}  // namespace
}  // namespace rondo::apps
