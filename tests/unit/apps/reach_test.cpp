// What is said of how far gradients reach.
#include "apps/looking/reach.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rondo::apps {
namespace {

// A run of windows of 16, measured in windows of 64; what arrives shrinks by `factor` a step.
MeasuredReach measured(double factor, std::int64_t window = 64) {
  MeasuredReach made;
  made.split = "train";
  made.run_window = 16;
  made.is_cut = true;
  made.longest = 1000;
  made.reach.window = window;
  made.reach.losses = made.reach.cut = 10;
  LayerReach layer;
  layer.layer.stack = "rnn";
  for (std::int64_t k = 0; k < window; ++k) {
    layer.norms.push_back(10 * std::pow(factor, k));
    layer.losses.push_back(10);
  }
  made.reach.layers = {layer, layer};
  made.reach.layers[1].layer.number = 1;
  for (double& norm : made.reach.layers[1].norms) norm = norm == 10 ? norm : norm / 2;
  return made;
}

TEST(Reach, TellsAWindowThatIsLongEnough) {
  EXPECT_EQ(verdict(measured(0.5)),
            "a window of 16 loses 0.00 % of what the loss at its last step sends back to layer 1: "
            "it is long enough, 7 would lose less than 1 %");
}

TEST(Reach, TellsAWindowThatIsTooShort) {
  EXPECT_EQ(verdict(measured(0.84)),
            "a window of 16 loses 6.14 % of what the loss at its last step sends back to layer 1: "
            "it is too short, --window 27 would lose less than 1 %");
}

TEST(Reach, TellsAMeasuredWindowThatIsTheLimit) {
  MeasuredReach far = measured(1);
  EXPECT_EQ(verdict(far),
            "gradients reach further than the 64 steps that were measured: a window of 16 loses "
            "more than 75.00 %; measure again with --window 128");
  EXPECT_NE(verdict(measured(0.95)).find("measure again with --window 128"), std::string::npos);
  EXPECT_EQ(verdict(measured(0.9)).find("measure again"), std::string::npos);
  far.longest = 64;
  EXPECT_NE(verdict(far).find("; the data have no longer sequence to measure by"),
            std::string::npos);
  far.run_window = 64;
  EXPECT_NE(verdict(far).find("what a window of 64 loses is not known"), std::string::npos);
  far.reach.cut = 0;  // all of each sequence has been seen
  EXPECT_NE(verdict(far).find("a window of 64 loses 0.00 %"), std::string::npos);
}

TEST(Reach, TellsOfWholeSequencesAndOfLayersWithoutAGradient) {
  MeasuredReach whole = measured(0.5);
  whole.is_cut = false;
  whole.reach.cut = 0;
  EXPECT_NE(verdict(whole).find("windows hold whole sequences, so nothing is lost"),
            std::string::npos);
  whole.reach.layers[1].norms.assign(64, 0);
  EXPECT_EQ(verdict(whole), "no gradient arrives at layer 2: no window helps it");
  EXPECT_EQ(draw_reach(whole).find("nan"), std::string::npos);
}

TEST(Reach, IsATableAndNumbersForPrograms) {
  const MeasuredReach some = measured(0.5);
  const nlohmann::ordered_json json = reach_json(some);
  ASSERT_EQ(json["layers"].size(), 2U);
  EXPECT_EQ(json["layers"][0]["steps"].dump(), "[0,1,2,4,8,16,32,63]");
  EXPECT_EQ(json["layers"][0]["norm"][2], 0.25);
  EXPECT_NEAR(json["layers"][0]["arrived"][1].get<double>(), 0.75, 1e-12);
  EXPECT_EQ(json["layers"][1]["window"], 7);
  EXPECT_EQ(json["verdict"], verdict(some));
  const std::string table = reach_text(some);
  EXPECT_NE(table.find("                    2         0.25   87.50 %"), std::string::npos) << table;
  EXPECT_NE(table.find("\n" + verdict(some) + "\n"), std::string::npos);
}

TEST(Reach, IsAPictureOfTwoCurvesALayer) {
  const std::string svg = draw_reach(measured(0.5));
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = svg.find("<polyline", at)) != std::string::npos; ++at) ++lines;
  EXPECT_EQ(lines, 4U);
  EXPECT_NE(svg.find("16, the run's"), std::string::npos);
  for (const char* broken : {"nan", "inf"}) EXPECT_EQ(svg.find(broken), std::string::npos);
}

}  // namespace
}  // namespace rondo::apps
