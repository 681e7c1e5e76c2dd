#include "rondo/train/weight_check.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <set>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::test {
namespace {

TEST(QuickDigest, SeesEveryBitAndTheLength) {
  std::mt19937_64 random(1);
  std::vector<std::byte> bytes(300);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  std::set<std::uint64_t> seen;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    seen.insert(quick_digest(std::span(bytes).first(size)));
  }
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= std::byte{1} << bit % 8;
    seen.insert(quick_digest(bytes));
    // And a second one, in the same place of the same chain: the highest bits, above all.
    const std::size_t other = (bit + 8 * 64) % (8 * bytes.size());
    bytes[other / 8] ^= std::byte{1} << other % 8;
    seen.insert(quick_digest(bytes));
    bytes[other / 8] ^= std::byte{1} << other % 8;
    bytes[bit / 8] ^= std::byte{1} << bit % 8;
  }
  EXPECT_EQ(seen.size(), bytes.size() + 1 + 2 * 8 * bytes.size());
}

OddRanks odd_ranks(const std::vector<std::uint64_t>& digests) {
  OddRanks found;
  run_in_process(static_cast<int>(digests.size()), [&](Communicator& world) {
    const OddRanks odd = find_odd_ranks(world, digests[static_cast<std::size_t>(world.rank())]);
    if (world.rank() == 1) found = odd;
  });
  return found;
}

TEST(OddRanks, AreThoseThatDifferFromMost) {
  EXPECT_TRUE(odd_ranks({7, 7, 7}).ranks.empty());
  EXPECT_EQ(odd_ranks({7, 7, 9}).ranks, std::vector<int>{2});
  EXPECT_EQ(odd_ranks({~std::uint64_t{0}, 7, 7, 7, 0}).ranks, (std::vector<int>{0, 4}));
  EXPECT_TRUE(odd_ranks({9, 7, 7}).majority);
}

TEST(OddRanks, WithoutAMajorityRankZeroIsTheMeasure) {
  const OddRanks two = odd_ranks({1, 2});
  EXPECT_EQ(two.ranks, std::vector<int>{1});
  EXPECT_FALSE(two.majority);
  EXPECT_EQ(odd_ranks({1, 2, 3, 3}).ranks, (std::vector<int>{1, 2, 3}));
}

// A listener that counts what reaches the disk.
class Saved : public TrainingListener {
 public:
  void checkpoint(NamedState, const DueCheckpoint& due) override { steps.push_back(due.step); }
  std::vector<std::int64_t> steps;
};

class ComparedRun : public testing::Test {
 protected:
  ComparedRun() {
    kernels::select_target("auto");
    kernels::set_float_mode();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("rondo-compared-{}", getpid());
    data_ = std::make_unique<Dataset>(digest_data(folder_));
    config_ = digest_config("lstm");
    config_.hidden = 16;
    config_.checkpoint_every = 4;
    config_.check_every = 0;
    config_.steps = 10;
    config_.fail_at = 6;
    config_.fail_with = "corruption";
    config_.fault_phase = "optimizer";
  }
  ~ComparedRun() override { std::filesystem::remove_all(folder_); }

  // The sentence that the run ends with on three ranks, the same on all; empty: it reached its end.
  std::string run() {
    std::vector<std::string> sentences(3);
    run_in_process(3, [&](Communicator& world) {
      ThreadPool pool(1, kernels::set_float_mode);
      Trainer<float> trainer(config_, *data_, world, pool, world.rank() == 0 ? &saved_ : nullptr);
      try {
        trainer.run();
      } catch (const AgreedError&) {
        try {
          throw;
        } catch (const Error& error) {
          sentences[static_cast<std::size_t>(world.rank())] = error.what();
        }
      }
    });
    EXPECT_EQ(sentences[0], sentences[1]);
    EXPECT_EQ(sentences[0], sentences[2]);
    return sentences[0];
  }

  std::filesystem::path folder_;
  std::unique_ptr<Dataset> data_;
  Config config_;
  Saved saved_;
};

TEST_F(ComparedRun, ARankThatErredIsNamedBeforeACheckpointIsWritten) {
  config_.fail_rank = 2;
  const std::string sentence = run();
  EXPECT_EQ(sentence.find("rank 2 on "), 0U) << sentence;
  EXPECT_NE(sentence.find("after step 8 this rank's weights are not those of the other ranks"),
            std::string::npos)
      << sentence;
  EXPECT_NE(sentence.find("from the checkpoint of step 4"), std::string::npos) << sentence;
  EXPECT_EQ(saved_.steps, (std::vector<std::int64_t>{0, 4}));
}

TEST_F(ComparedRun, RankZeroIsNoBetterThanTheOthers) {
  config_.fail_rank = 0;
  EXPECT_EQ(run().find("rank 0 on "), 0U);
}

TEST_F(ComparedRun, ComparesBetweenCheckpointsToo) {
  config_.fail_rank = 1;
  config_.check_every = 7;
  EXPECT_NE(run().find("after step 7 "), std::string::npos);
}

TEST_F(ComparedRun, SoundRanksReachTheEnd) {
  config_.fail_at = 0;
  config_.check_every = 1;
  EXPECT_EQ(run(), "");
  EXPECT_EQ(saved_.steps.back(), 10);
}

// The library's own sum may differ from rank to rank: there is nothing to compare.
TEST_F(ComparedRun, ReducersThatPromiseNoBitsAreNotCompared) {
  config_.fail_rank = 1;
  config_.reducer = "native";
  EXPECT_EQ(run(), "");
}

}  // namespace
}  // namespace rondo::test
