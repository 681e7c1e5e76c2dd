// Who takes which member of a sweep: each is somebody's, once a start, whoever else ends meanwhile.
#include "apps/sweep/member_claims.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "input_error.hpp"
#include "rondo/comm/in_process.hpp"
#include "temporary_folder.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

using Numbers = std::vector<std::int64_t>;

// For claims that can be written, of which nobody asks whether to stop.
bool unasked() {
  ADD_FAILURE() << "a claim could not be written";
  return true;
}

std::int64_t take(MemberClaims& claims) { return claims.take(unasked); }

// The folders of claims in a sweep's.
std::vector<fs::path> claims_in(const fs::path& sweep) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(sweep)) {
    if (entry.path().filename().string().starts_with(".taken-")) found.push_back(entry.path());
  }
  return found;
}

TEST(MemberClaims, EachMemberIsTakenOnce) {
  constexpr int ranks = 4, members = 200;
  const TemporaryFolder sweep;
  std::vector<Numbers> taken(ranks);
  run_in_process(ranks, [&](Communicator& world) {
    MemberClaims claims(world, sweep.path(), members);
    Numbers& mine = taken[static_cast<std::size_t>(world.rank())];
    for (std::int64_t next = 0; (next = take(claims)) >= 0;) mine.push_back(next);
    EXPECT_EQ(take(claims), -1);
    world.barrier();
  });
  Numbers all, expected(members);
  for (const Numbers& mine : taken) {
    EXPECT_TRUE(std::ranges::is_sorted(mine));
    all.insert(all.end(), mine.begin(), mine.end());
  }
  std::ranges::sort(all);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
}

TEST(MemberClaims, WhoComesTakesTheFirstThatNobodyHas) {
  const TemporaryFolder sweep;
  const Numbers turns = {0, 0, 1, 0, 1, 1, 1};  // who comes
  Numbers taken(turns.size());
  run_in_process(2, [&](Communicator& world) {
    MemberClaims claims(world, sweep.path(), 6);
    for (std::size_t turn = 0; turn < turns.size(); ++turn) {
      if (turns[turn] == world.rank()) taken[turn] = take(claims);
      world.barrier();
    }
  });
  EXPECT_EQ(taken, (Numbers{0, 1, 2, 3, 4, 5, -1}));
}

// What it took stays taken; rank 0, which made the folder, removes it at its own end.
TEST(MemberClaims, ARankThatHasEndedLeavesTheOthersTheirs) {
  const TemporaryFolder sweep;
  run_in_process(2, [&](Communicator& world) {
    auto claims = std::make_unique<MemberClaims>(world, sweep.path(), 3);
    if (world.rank() == 1) {
      EXPECT_EQ(take(*claims), 0);
      claims.reset();
    }
    world.barrier();
    if (world.rank() == 1) return;
    EXPECT_EQ(take(*claims), 1);
    EXPECT_EQ(take(*claims), 2);
    EXPECT_EQ(take(*claims), -1);
  });
  EXPECT_EQ(sweep.entries(), 0);
}

TEST(MemberClaims, AStartThatWasKilledHasTakenNothingFromTheNext) {
  const TemporaryFolder sweep;
  fs::create_directory(sweep / "seed=1");
  write_bytes(sweep / "members.jsonl", "members");
  const auto world = make_single();
  {
    MemberClaims killed(*world, sweep.path(), 2);
    EXPECT_EQ(take(killed), 0);
    EXPECT_EQ(take(killed), 1);
    fs::copy(claims_in(sweep.path()).front(),
             sweep / ".taken-left-over");  // as if it had not ended
  }
  {
    MemberClaims next(*world, sweep.path(), 2);
    EXPECT_FALSE(fs::exists(sweep / ".taken-left-over"));
    EXPECT_EQ(claims_in(sweep.path()).size(), 1);
    EXPECT_EQ(take(next), 0);
    EXPECT_EQ(take(next), 1);
    EXPECT_EQ(take(next), -1);
  }
  EXPECT_EQ(sweep.entries(), 2);
  EXPECT_EQ(read_bytes(sweep / "members.jsonl"), "members");
}

// The earlier start's folder is gone: what is left of it gets no member any more, and ends when
// told.
TEST(MemberClaims, AnEarlierStartThatLivesOnGetsNoMember) {
  const TemporaryFolder sweep;
  const auto world = make_single();
  MemberClaims earlier(*world, sweep.path(), 3);
  EXPECT_EQ(take(earlier), 0);
  MemberClaims next(*world, sweep.path(), 3);
  EXPECT_EQ(take(next), 0);
  int asked = 0;
  testing::internal::CaptureStderr();
  EXPECT_EQ(earlier.take([&] { return ++asked == 2; }), -1);
  EXPECT_NE(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(take(next), 1);
}

TEST(MemberClaims, OneThatCannotBeWrittenIsTriedAgain) {
  const TemporaryFolder sweep;
  const auto world = make_single();
  MemberClaims claims(*world, sweep.path(), 2);
  const fs::path folder = claims_in(sweep.path()).front();
  fs::remove(folder);
  int asked = 0;
  testing::internal::CaptureStderr();
  EXPECT_EQ(claims.take([&] {
    if (++asked == 3) fs::create_directory(folder);
    return false;
  }),
            0);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),  // once, not each time
            "rondo: cannot take the next member, '" + (folder / "0").string() +
                "': No such file or directory; it is tried again and again\n");
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(take(claims), 1);
}

// What each of two ranks is told, which are where `enter` has brought them: the same sentence.
template <class Enter>
std::string told(const fs::path& sweep, Enter enter) {
  std::vector<std::string> sentences(2);
  run_in_process(2, [&](Communicator& world) {
    enter(world.rank());
    sentences[static_cast<std::size_t>(world.rank())] =
        test::error_of([&] { MemberClaims(world, sweep, 1); });
  });
  EXPECT_EQ(sentences[1], sentences[0]);
  return sentences[0];
}

TEST(MemberClaims, AFolderThatCannotBeWrittenIsRefusedByAll) {
  const TemporaryFolder folder;
  const fs::path sweep = folder / "sweep";
  const std::string sentence = told(sweep, [](int) {});
  EXPECT_TRUE(sentence.ends_with(": cannot write in the sweep's folder '" + sweep.string() +
                                 "': No such file or directory"))
      << sentence;
}

// Two hosts with a folder of that name each: threads with a working folder of their own.
TEST(MemberClaims, AFolderThatRanksDoNotShareIsRefusedByAll) {
  const TemporaryFolder hosts;
  for (const char* host : {"0", "1"}) fs::create_directories(hosts / host / "sweep");
  const std::string sentence = told("sweep", [&](int rank) {
    ASSERT_EQ(unshare(CLONE_FS), 0);
    ASSERT_EQ(chdir((hosts / std::to_string(rank)).c_str()), 0);
  });
  EXPECT_TRUE(sentence.starts_with("rank 1 on ")) << sentence;
  EXPECT_TRUE(
      sentence.ends_with("' is not there, which rank 0 has made: a sweep's folder must be "
                         "one that all hosts share"))
      << sentence;
  EXPECT_TRUE(claims_in(hosts / "0" / "sweep").empty());  // nothing stays of a refused start
}

}  // namespace
}  // namespace rondo::apps
