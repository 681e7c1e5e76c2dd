// `rondo compare`: what it reads, ranks, finds different, and draws.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "command_fixture.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

class CompareTest : public CommandTest {
 protected:
  // A run's folder: a checkpoint with this configuration, and metrics.
  std::string run(const std::string& name, const Config& config, const std::string& metrics) {
    const fs::path folder = path(name);
    fs::create_directories(folder);
    NamedState state;
    const std::vector<float> bias = {1, 2, 3};
    state.put<float>("parameters/output.bias", bias, {3});
    for (const char* counter : {"step", "update", "window"}) {
      state.put_scalar<std::int64_t>(std::string("counters/") + counter, 20);
    }
    state.texts["configuration"] = config_to_text(config);
    state.texts["finished"] = "true";
    state.texts["numerics"] = "1";
    state.texts["data_fingerprint"] = "abcdef0123456789";
    write_checkpoint(checkpoint_path(folder, 20), state);
    std::ofstream(folder / "metrics.jsonl") << metrics;
    return folder.string();
  }

  // Reports of 10 and 20 steps, 100 and 200 tokens/s, the second by another start of the program,
  // and validations at 5 and 20.
  static std::string metrics(double validation_5, double validation_20) {
    return fmt::format(
        "{{\"step\":10,\"split\":\"train\",\"loss\":2.5,\"targets\":1000,"
        "\"tokens_per_second\":100,\"share_of_peak\":0.5,\"seconds\":10}}\n"
        "{{\"step\":5,\"split\":\"validation\",\"loss\":{},\"targets\":7}}\n"
        "{{\"step\":20,\"split\":\"train\",\"loss\":2.25,\"targets\":1000,"
        "\"tokens_per_second\":200,\"share_of_peak\":0.5,\"seconds\":5}}\n"
        "{{\"step\":20,\"split\":\"validation\",\"loss\":{},\"targets\":7}}\n",
        validation_5, validation_20);
  }

  static Config config(std::uint64_t seed, double rate) {
    Config config;
    config.steps = 20;
    config.seed = seed;
    config.rate = rate;
    return config;
  }
};

TEST_F(CompareTest, RanksRunsByTheirBestValidation) {
  const std::string worse = run("worse", config(1, 0.5), metrics(2.75, 2.5));
  const std::string better = run("better", config(1, 0.25), metrics(2.0, 2.125));
  const std::string never = run("never", config(1, 1), "");
  const nlohmann::json told = json({"compare", never, worse, better + "/", "--json"});
  ASSERT_EQ(told["runs"].size(), 3);
  EXPECT_EQ(told["runs"][0]["run"], better);
  EXPECT_EQ(told["runs"][1]["run"], worse);
  EXPECT_EQ(told["runs"][2]["run"], never);
  EXPECT_EQ(told["runs"][0]["best_validation"]["loss"], 2.0);
  EXPECT_EQ(told["runs"][0]["best_validation"]["step"], 5);
  EXPECT_EQ(told["runs"][2]["best_validation"], nullptr);
  EXPECT_EQ(told["differences"], (nlohmann::json{{"rate", {"0.25", "0.5", "1"}}}));

  const std::string text = output({"compare", worse, better});
  EXPECT_NE(text.find("1  " + better + "  "), std::string::npos) << text;
  EXPECT_NE(text.find("2.0000  2.885 bits        5 "), std::string::npos) << text;
  EXPECT_NE(text.find("where their configurations differ:\n   rate\n1  0.25\n2   0.5\n"),
            std::string::npos)
      << text;
}

TEST_F(CompareTest, CountsTokensAndTimeWithoutPauses) {
  const std::string one = run("one", config(1, 0.5), metrics(2.75, 2.5));
  const nlohmann::json told = json({"compare", one, "--json"})["runs"][0];
  EXPECT_EQ(told["training"][1]["targets"], 2000);
  EXPECT_EQ(told["training"][1]["seconds"], 15);  // 10 s, then 5 s
  EXPECT_EQ(told["validation"][0]["targets"], 500);
  EXPECT_EQ(told["validation"][0]["seconds"], 5);
  EXPECT_EQ(told["validation"][1]["seconds"], 15);
}

TEST_F(CompareTest, GivesTheSpreadOverSeeds) {
  const std::string one = run("one", config(1, 0.5), metrics(3, 2.0));
  const std::string two = run("two", config(2, 0.5), metrics(3, 2.5));
  const std::string other = run("other", config(1, 0.25), metrics(3, 1.5));
  const nlohmann::json seeds = json({"compare", one, two, other, "--json"})["seeds"];
  ASSERT_EQ(seeds.size(), 1);
  EXPECT_EQ(seeds[0]["runs"], (std::vector<int>{1, 2}));
  EXPECT_DOUBLE_EQ(seeds[0]["mean"], 2.25);
  EXPECT_DOUBLE_EQ(seeds[0]["median"], 2.25);
  EXPECT_DOUBLE_EQ(seeds[0]["deviation"], 0.5 / std::sqrt(2.0));
}

TEST_F(CompareTest, WhereAndHowARunWasComputedIsNoDifference) {
  Config elsewhere = config(1, 0.5);
  elsewhere.threads = 7;
  elsewhere.run = "another";
  elsewhere.keep = 9;
  elsewhere.vector = "avx2";
  const std::string here = run("here", config(1, 0.5), metrics(3, 2));
  const std::string there = run("there", elsewhere, metrics(3, 2));
  EXPECT_NE(output({"compare", here, there}).find("The configurations are the same."),
            std::string::npos);
}

TEST_F(CompareTest, DrawsACurveForEachRun) {
  const std::string one = run("a<b&c", config(1, 0.5), metrics(3, 2.5));
  const std::string two = run("two", config(2, 0.5), metrics(3, 2));
  output({"compare", one, two, "--svg", path("curves.svg"), "--across", "hours"});
  std::ifstream file(path("curves.svg"));
  const std::string svg{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(svg.find("a<b"), std::string::npos);
  EXPECT_NE(svg.find("a&lt;b&amp;c   2.5000 (3.607 bits)   seed 1"), std::string::npos) << svg;
  EXPECT_NE(svg.find("hours of training"), std::string::npos);
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = svg.find("<polyline", at)) != std::string::npos; ++at) ++lines;
  EXPECT_EQ(lines, 4);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST_F(CompareTest, DrawsRunsThatHaveHardlyBegun) {
  const std::string empty = run("empty", config(1, 0.5), "");
  const std::string flat = run("flat", config(1, 0.5), metrics(2.25, 2.25));
  for (const std::string& folder : {empty, flat}) {
    output({"compare", folder, "--svg", path("curves.svg")});
    std::ifstream file(path("curves.svg"));
    const std::string svg{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NE(svg.find("</svg>"), std::string::npos);
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_EQ(svg.find("inf"), std::string::npos);
  }
}

TEST_F(CompareTest, PassesOverLinesThatAreNoReports) {
  const std::string one =
      run("one", config(1, 0.5),
          "\x01\n[1]\n{\"step\":1}\n{\"step\":1,\"epoch\":0,\"state_digest\":\"ab\"}\n" +
              metrics(3, 2) + "{\"step\":25,");
  testing::internal::CaptureStderr();
  const nlohmann::json told = json({"compare", one, "--json"})["runs"][0];
  const std::string messages = testing::internal::GetCapturedStderr();
  EXPECT_EQ(told["training"].size(), 2);
  EXPECT_NE(messages.find("3 lines of " + one + "/metrics.jsonl are no reports and are left out"),
            std::string::npos)
      << messages;
}

TEST_F(CompareTest, ABrokenRunDoesNotHideTheOthers) {
  const std::string one = run("one", config(1, 0.5), metrics(3, 2));
  fs::create_directory(path("empty"));
  std::ofstream(path("notes.txt")) << "mine";
  fs::create_directory_symlink("circle", path("circle"));
  testing::internal::CaptureStderr();
  const nlohmann::json told =
      json({"compare", path("empty"), path("notes.txt"), one, path("circle"), "--json"});
  const std::string messages = testing::internal::GetCapturedStderr();
  ASSERT_EQ(told["runs"].size(), 1);
  EXPECT_EQ(told["runs"][0]["run"], one);
  for (const char* broken : {"empty", "notes.txt", "circle"}) {
    EXPECT_NE(messages.find(path(broken)), std::string::npos) << messages;
  }
  EXPECT_EQ(error({"compare", path("empty"), path("notes.txt")}),
            "none of the 2 is a run that can be read");
}

TEST_F(CompareTest, ARunWithoutACheckpointShowsItsMetrics) {
  const std::string young = run("young", config(1, 0.5), metrics(3, 1.5));
  const std::string old = run("old", config(2, 0.5), metrics(3, 2));
  fs::remove(checkpoint_path(young, 20));
  testing::internal::CaptureStderr();
  const nlohmann::json told = json({"compare", old, young, "--json", "--svg", path("x.svg")});
  const std::string text = output({"compare", old, young});
  EXPECT_NE(testing::internal::GetCapturedStderr().find("shows its metrics alone"),
            std::string::npos);
  EXPECT_EQ(told["runs"][0]["run"], young);
  EXPECT_EQ(told["runs"][0]["step"], 20);
  EXPECT_EQ(told["runs"][0]["best_validation"]["loss"], 1.5);
  EXPECT_EQ(told["differences"], nlohmann::json::object());
  EXPECT_EQ(told["seeds"].size(), 0);
  EXPECT_NE(text.find("no checkpoint"), std::string::npos) << text;
}

TEST_F(CompareTest, DrawsOverItsOwnPicturesAlone) {
  const std::string one = run("one", config(1, 0.5), metrics(3, 2));
  const std::string curves = path("curves.svg");
  output({"compare", one, "--svg", curves});
  output({"compare", one, "--svg", curves});
  fs::copy_file(curves, path("mine.svg"));
  std::ofstream(path("thesis.svg")) << "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
  std::ofstream(path("empty.svg"));
  fs::create_symlink(curves, path("link.svg"));
  fs::create_symlink("nowhere", path("torn.svg"));
  for (const char* theirs : {"thesis.svg", "empty.svg", "one/metrics.jsonl"}) {
    EXPECT_EQ(error({"compare", one, "--svg", path(theirs)}),
              "--svg " + path(theirs) +
                  " is there and is not a picture that rondo compare drew, so it stays as it is: "
                  "name another file, or remove it first");
  }
  for (const char* link : {"link.svg", "torn.svg"}) {
    EXPECT_NE(error({"compare", one, "--svg", path(link)}).find("is a link"), std::string::npos);
    EXPECT_TRUE(fs::is_symlink(path(link)));
  }
  EXPECT_NE(error({"compare", one, "--svg", one}).find("is a folder"), std::string::npos);
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_NE(error({"compare", one, "--svg", path("pipe")}).find("is a pipe"), std::string::npos);
  EXPECT_NE(error({"compare", one, "--svg", path("nowhere/x.svg")}), "");
}

TEST_F(CompareTest, SaysWhatIsWrong) {
  EXPECT_EQ(error({"compare"}),
            "rondo compare needs RUN to look at: rondo compare --help shows an example");
  EXPECT_EQ(error({"compare", path("nowhere")}),
            path("nowhere") + " is no folder: name the folders of runs");
  const std::string one = run("one", config(1, 0.5), metrics(3, 2));
  EXPECT_EQ(error({"compare", one, "--svg", path("x.svg"), "--across", "miles"}),
            "--across takes steps, tokens or hours, not \"miles\"");
  EXPECT_EQ(error({"compare", one, "--across", "hours"}),
            "--across is for the picture: add --svg FILE");
  fs::remove(fs::path(one) / "metrics.jsonl");
  EXPECT_EQ(error({"compare", one}),
            one + "/metrics.jsonl cannot be read: is " + one + " the folder of a run?");
  fs::create_directory(path("empty"));
  EXPECT_NE(error({"compare", path("empty")}), "");
}

}  // namespace
}  // namespace rondo::apps
