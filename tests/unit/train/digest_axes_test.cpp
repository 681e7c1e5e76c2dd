// The digest's other axes, on one rank: threads, vector targets; and that it sees what it should
// see.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"

namespace rondo::test {
namespace {

class DigestAxesTest : public testing::TestWithParam<std::string> {
 protected:
  DigestAxesTest() : world_(make_single()) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    folder_ = std::filesystem::temp_directory_path() / fmt::format("rondo-axes-{}", getpid());
    data_ = std::make_unique<Dataset>(digest_data(folder_));
  }
  ~DigestAxesTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Communicator> world_;
  std::filesystem::path folder_;
  std::unique_ptr<Dataset> data_;
};

TEST_P(DigestAxesTest, DoesNotDependOnTheVectorTarget) {
  expect_wrapped_epoch(digest_config(GetParam()), *data_);
  expect_pieces(digest_config(GetParam()), *data_);
  std::vector<std::string> targets = kernels::supported_targets();
  targets.emplace_back("reference");  // the plain twins
  for (const std::string& target : targets) {
    SCOPED_TRACE(target);
    kernels::select_target(target);
    expect_golden(GetParam(),
                  digest_run(*world_, digest_config(GetParam()), *data_, 1, golden_steps));
  }
  kernels::select_target("auto");
}

TEST_P(DigestAxesTest, ThreeThreadsShareBlocksWithoutChangingABit) {
  expect_golden(GetParam(),
                digest_run(*world_, digest_config(GetParam()), *data_, 3, golden_steps));
}

// A check that could not fail would prove nothing.
TEST_P(DigestAxesTest, SeesAnotherSeedAndAnotherOrderOfSums) {
  const Config config = digest_config(GetParam());
  const Digests expected = digest_run(*world_, config, *data_, 1, 2);

  Config other_seed = config;
  other_seed.seed = 6;
  EXPECT_NE(digest_run(*world_, other_seed, *data_, 1, 2).parameters, expected.parameters);

  // The same lanes in other blocks: the same numbers, added in another order.
  Config other_order = config;
  other_order.block = 11;
  EXPECT_NE(digest_run(*world_, other_order, *data_, 1, 2).parameters, expected.parameters);
}

// A golden of no run would be one that nothing compares with.
TEST(Goldens, AreAllOfARun) {
  std::vector<std::string> runs = digest_names();
  for (const std::string& cell : cell_names()) runs.push_back(cell + "-wide");
  for (const Variant& variant : sequence_variants()) runs.push_back(variant.name);
  std::ifstream file(RONDO_DIGEST_GOLDENS);
  for (std::string line; std::getline(file, line);) {
    const std::string name = line.substr(0, line.find(' '));
    EXPECT_EQ(std::count(runs.begin(), runs.end(), name), 1) << name;
    runs.erase(std::remove(runs.begin(), runs.end(), name), runs.end());
  }
  EXPECT_TRUE(runs.empty()) << runs.front();
}

INSTANTIATE_TEST_SUITE_P(Cells, DigestAxesTest, testing::ValuesIn(digest_names()),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace rondo::test
