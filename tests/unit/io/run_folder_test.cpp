#include "rondo/io/run_folder.hpp"

#include <gtest/gtest.h>

#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

class RunFolder : public testing::Test {
 protected:
  void write(std::int64_t step) {
    NamedState state;
    state.put_scalar<std::int64_t>("counters/step", step);
    write_checkpoint(checkpoint_path(folder_.path(), step), state);
  }
  void damage(std::int64_t step) {
    const std::filesystem::path path = checkpoint_path(folder_.path(), step);
    std::string bytes = read_bytes(path);
    bytes[bytes.size() / 2] ^= 1;
    write_bytes(path, bytes);
  }
  std::vector<std::int64_t> steps() const {
    std::vector<std::int64_t> all;
    for (const CheckpointFile& file : list_checkpoints(folder_.path())) all.push_back(file.step);
    return all;
  }
  std::optional<std::filesystem::path> newest() {
    return newest_good_checkpoint(folder_.path(),
                                  [this](const std::string& text) { warnings_.push_back(text); });
  }

  TemporaryFolder folder_;
  std::vector<std::string> warnings_;
};

TEST_F(RunFolder, ListsCheckpointsByStepAndNothingElse) {
  write(1000);
  write(20);
  write(3);
  for (const char* other : {"best.h5", "checkpoint-5.h5", "checkpoint-000000000007.h5.bak",
                            "checkpoint-00000000000x.h5", "checkpoint--00000000001.h5", "lock"}) {
    write_bytes(folder_ / other, "");
  }
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{3, 20, 1000}));
  EXPECT_EQ(checkpoint_path("run", 20), "run/checkpoint-000000000020.h5");
}

TEST_F(RunFolder, KeepsTheNewest) {
  for (const std::int64_t step : {1, 2, 3, 4}) write(step);
  keep_newest(folder_.path(), 3, 4);
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{2, 3, 4}));
  keep_newest(folder_.path(), 0, 4);
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{4}));
}

TEST_F(RunFolder, KeepsOneThatIsKnownAsGood) {
  for (const std::int64_t step : {1, 2, 3, 4, 5, 6}) write(step);
  keep_newest(folder_.path(), 2, 6, 3);
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{3, 5, 6}));
  keep_newest(folder_.path(), 2, 6, 3);  // it stays
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{3, 5, 6}));
  keep_newest(folder_.path(), 1, 6, 5);  // a newer one is known
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{5, 6}));
  keep_newest(folder_.path(), 1, 6, 6);
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{6}));
}

TEST_F(RunFolder, WhoGoesBackLeavesTheLaterOnes) {
  for (const std::int64_t step : {1, 2, 3}) write(step);
  EXPECT_EQ(newest_whole_checkpoint(folder_.path(), 2)->step, 2);
  leave_later(folder_.path(), 2);
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(check_checkpoint(folder_ / "left-checkpoint-000000000003.h5"), "");
  EXPECT_FALSE(newest_whole_checkpoint(folder_.path(), 0).has_value());
}

TEST_F(RunFolder, HoldsARunWhateverIsLeftOfIt) {
  EXPECT_FALSE(holds_run(folder_ / "missing"));
  write_bytes(folder_ / "metrics.jsonl", "");  // of a start that came to nothing
  EXPECT_FALSE(holds_run(folder_.path()));
  EXPECT_EQ(set_metrics_aside(folder_.path()), "");
  write_bytes(folder_ / "metrics.jsonl", "{\"step\":1}\n");
  EXPECT_TRUE(holds_run(folder_.path()));
  EXPECT_EQ(set_metrics_aside(folder_.path()), folder_ / "metrics-1.jsonl");
  EXPECT_FALSE(holds_run(folder_.path()));
  write_bytes(folder_ / "metrics.jsonl", "{\"step\":2}\n");
  EXPECT_EQ(set_metrics_aside(folder_.path()), folder_ / "metrics-2.jsonl");
  EXPECT_EQ(read_bytes(folder_ / "metrics-1.jsonl"), "{\"step\":1}\n");
  write_bytes(best_path(folder_.path()), "");
  EXPECT_TRUE(holds_run(folder_.path()));
}

TEST_F(RunFolder, TheBestIsUsedWhereNoOtherIsWhole) {
  write(3);
  std::filesystem::rename(checkpoint_path(folder_.path(), 3), best_path(folder_.path()));
  EXPECT_EQ(newest(), best_path(folder_.path()));
  write(5);
  EXPECT_EQ(newest(), checkpoint_path(folder_.path(), 5));
  damage(5);
  EXPECT_EQ(newest(), best_path(folder_.path()));
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_TRUE(warnings_[0].ends_with(": the best one is used")) << warnings_[0];
  write_bytes(best_path(folder_.path()), "damaged");
  EXPECT_THROW(newest(), InputError);
}

// A run that resumed at 2, because 9 is damaged, and has just written 3.
TEST_F(RunFolder, ADamagedCheckpointOfALaterStepTakesNoGoodOnesPlace) {
  for (const std::int64_t step : {1, 2, 3, 9}) write(step);
  damage(9);
  keep_newest(folder_.path(), 1, 3);
  EXPECT_EQ(steps(), (std::vector<std::int64_t>{3, 9}));
  EXPECT_EQ(newest(), checkpoint_path(folder_.path(), 3));
}

TEST_F(RunFolder, RemovesLeftoversOfItsOwnFilesAlone) {
  write(1);
  for (const char* own : {".checkpoint-000000000002.h5.host.12.ab.tmp", ".best.h5.h.1.a.tmp",
                          ".lock.h.1.a.tmp", ".metrics.jsonl.h.1.a.tmp"}) {
    write_bytes(folder_ / own, "x");
  }
  for (const char* other : {".notes.tmp", "a.tmp", ".checkpoint-2.h5.a.tmp", "metrics.jsonl"}) {
    write_bytes(folder_ / other, "x");
  }
  remove_leftovers(folder_.path());
  EXPECT_EQ(folder_.entries(), 5U);
}

TEST_F(RunFolder, NewestGoodPassesOverDamagedOnes) {
  for (const std::int64_t step : {1, 2, 3}) write(step);
  damage(3);
  EXPECT_EQ(newest(), checkpoint_path(folder_.path(), 2));
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("000000000003.h5' is damaged"), std::string::npos) << warnings_[0];
}

TEST_F(RunFolder, NoCheckpointIsNoErrorButNoGoodOneIs) {
  EXPECT_EQ(newest(), std::nullopt);
  EXPECT_EQ(newest_good_checkpoint(folder_ / "missing", {}), std::nullopt);
  write(1);
  write(2);
  damage(1);
  damage(2);
  EXPECT_THROW(newest(), InputError);
  EXPECT_EQ(warnings_.size(), 2U);
}

TEST_F(RunFolder, ResolvesFilesAndFolders) {
  write(1);
  write(2);
  const std::filesystem::path one = checkpoint_path(folder_.path(), 1);
  EXPECT_EQ(resolve_checkpoint(one, false, {}), one);
  EXPECT_EQ(resolve_checkpoint(folder_.path(), false, {}), checkpoint_path(folder_.path(), 2));
  EXPECT_THROW(resolve_checkpoint(folder_.path(), true, {}), InputError);
  write_bytes(best_path(folder_.path()), "");
  EXPECT_EQ(resolve_checkpoint(folder_.path(), true, {}), best_path(folder_.path()));
  EXPECT_THROW(resolve_checkpoint(folder_ / "missing", false, {}), InputError);
  std::filesystem::create_directory(folder_ / "empty");
  EXPECT_THROW(resolve_checkpoint(folder_ / "empty", false, {}), InputError);
}

}  // namespace
}  // namespace rondo
