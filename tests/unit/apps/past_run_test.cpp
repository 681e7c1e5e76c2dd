// What metrics.jsonl tells of a run's starts and states.
#include "apps/again/past_run.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "apps/again/verdict.hpp"
#include "command_fixture.hpp"

namespace rondo::apps {
namespace {

class PastRunTest : public CommandTest {
 protected:
  PastRun read(const std::string& lines) {
    std::ofstream(path("metrics.jsonl")) << lines;
    return read_past_run(folder_);
  }
};

TEST_F(PastRunTest, StartsChecksAndReportsAreTold) {
  const PastRun run = read(
      R"({"step":0,"ranks":4,"numerics":1,"data_fingerprint":"f","configuration":"a = 1\n","state_digest":"00"}
{"step":5,"epoch":0,"split":"train","loss":1.5,"gradient_norm":0.1}
{"step":5,"epoch":0,"state_digest":"55"}
{"step":5,"epoch":0,"split":"validation","loss":1.5,"gradient_norm":7}
nonsense
{"step":5,"ranks":2,"numerics":1,"data_fingerprint":"f","configuration":"a = 2\n","state_digest":"77"}
{"step":8,"epoch":0,"split":"train","loss":1.5}
{"step":10,"epoch":0,"state_digest":"torn)");
  ASSERT_EQ(run.starts.size(), 2U);
  EXPECT_EQ(run.starts[0].ranks, 4);
  EXPECT_EQ(run.starts[1].step, 5);
  EXPECT_EQ(run.starts[1].configuration, "a = 2\n");
  const std::map<std::int64_t, std::string> digests = {{0, "00"}, {5, "55"}};
  EXPECT_EQ(run.digests, digests);
  const std::map<std::int64_t, double> norms = {{5, 0.1}};
  EXPECT_EQ(run.gradient_norms, norms);
}

// Killed before its first step, and started again: the last one made the steps.
TEST_F(PastRunTest, AStartThatLeftNoStepIsForgotten) {
  const PastRun run = read(
      R"({"step":0,"configuration":"a"}
{"step":20,"configuration":"b"}
{"step":20,"configuration":"c"}
{"step":10,"configuration":"d"}
)");
  ASSERT_EQ(run.starts.size(), 2U);
  EXPECT_EQ(run.starts[1].step, 10);
  EXPECT_EQ(run.starts[1].configuration, "d");
}

TEST_F(PastRunTest, AFolderWithoutMetricsTellsNothing) {
  EXPECT_TRUE(read_past_run(path("nowhere")).starts.empty());
}

TEST(VerdictTest, IsASentence) {
  Verdict verdict;
  verdict.begin = 4000;
  verdict.end = 5000;
  verdict.digests = 10;
  verdict.last_same = 5000;
  EXPECT_EQ(to_text(verdict, "on 2 ranks of this machine"),
            "steps 4,000 to 5,000: the same, on 2 ranks of this machine (10 digests)\n");
  verdict.checkpoints = 1;
  EXPECT_EQ(to_text(verdict, "here"),
            "steps 4,000 to 5,000: the same, here (10 digests and 1 checkpoint)\n");
  verdict.first_different = 5000;
  verdict.last_same = 4900;
  verdict.norm_different = 4970;
  verdict.norm_same = 4960;
  EXPECT_EQ(to_text(verdict, "here"),
            "steps 4,000 to 5,000: different, here: step 5,000 is the first check that differs, "
            "step 4,900 is the last that is the same; the gradient of step 4,970 is another "
            "already, that of step 4,960 still the same\n");
}

}  // namespace
}  // namespace rondo::apps
