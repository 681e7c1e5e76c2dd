// The digests of runs with more classes, and more losses in a block, than a chunk of a sum has.
#include <gtest/gtest.h>
#include <unistd.h>

#include "digest_run.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/model/cell.hpp"

namespace rondo::test {
namespace {

class WideDigestTest : public testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() {
    const auto folder =
        std::filesystem::temp_directory_path() / fmt::format("rondo-wide-{}", getpid());
    data() = std::make_unique<Dataset>(wide_data(folder));
    std::filesystem::remove_all(folder);
  }
  static void TearDownTestSuite() { data().reset(); }
  static std::unique_ptr<Dataset>& data() {
    static std::unique_ptr<Dataset> dataset;
    return dataset;
  }
};

TEST_P(WideDigestTest, DoesNotDependOnTheVectorTarget) {
  constexpr int chunk = 4096;
  const Config config = wide_config(GetParam());
  ASSERT_GT(data()->columns()[0].vocabulary->size(), chunk);
  ASSERT_GT(config.window * config.block, chunk);
  kernels::set_float_mode();
  const auto world = make_single();
  std::vector<std::string> targets = kernels::supported_targets();
  targets.emplace_back("reference");
  for (const std::string& target : targets) {
    SCOPED_TRACE(target);
    kernels::select_target(target);
    expect_golden(GetParam() + "-wide", digest_run(*world, config, *data(), 1, wide_steps));
  }
  kernels::select_target("auto");
}

TEST_P(WideDigestTest, DoesNotDependOnRanksAndThreads) {
  kernels::select_target("auto");
  run_in_process(3, [](Communicator& world) {
    kernels::set_float_mode();
    expect_golden(GetParam() + "-wide",
                  digest_run(world, wide_config(GetParam()), *data(), 2, wide_steps));
  });
}

INSTANTIATE_TEST_SUITE_P(Cells, WideDigestTest, testing::ValuesIn(cell_names()),
                         [](const auto& info) { return test_name(info.param); });

}  // namespace
}  // namespace rondo::test
