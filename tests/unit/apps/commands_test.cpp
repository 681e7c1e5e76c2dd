// The commands that need no MPI, called as main() calls them.
#include "apps/commands.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/looking/describe.hpp"
#include "apps/looking/spectra.hpp"
#include "command_fixture.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/digests.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

// A checkpoint of a network with one gated layer of two units.
NamedState small_checkpoint(std::int64_t step) {
  NamedState state;
  // Gate a: a rotation by 90 degrees times 2; gate b: diagonal 3, -0.5.
  const std::vector<float> recurrent = {0, -2, 2, 0, 3, 0, 0, -0.5F};
  state.put<float>("parameters/rnn.weight_hh_l0", recurrent, {4, 2}).attributes["meaning"] =
      "gates: a, b";
  const std::vector<float> bias = {1, 2, 3};
  state.put<float>("parameters/output.bias", bias, {3});
  state.put<float>("optimizer/m/output.bias", bias, {3});
  state.put_scalar<std::int64_t>("counters/step", step);
  state.put_scalar<std::int64_t>("counters/update", step - 1);
  state.put_scalar<std::int64_t>("counters/window", step + 1);
  state.put_scalar<double>("progress/best_loss", 1.5);
  Config config;
  config.steps = 100;
  config.seed = 18446744073709551615U;
  state.texts["configuration"] = config_to_text(config) + "later-key = whatever\n";
  state.texts["finished"] = step >= 100 ? "true" : "false";
  state.texts["numerics"] = "1";
  state.texts["data_fingerprint"] = "abc";
  return state;
}

TEST_F(CommandTest, OverviewNamesEveryCommandAndUnknownOnesTheNearest) {
  const std::string text = output({"--help"});
  for (const Command& command : commands()) {
    EXPECT_NE(text.find(command.name), std::string::npos);
    EXPECT_NE(output({command.name, "--help"}).find("example:\n  "), std::string::npos)
        << command.name;
  }
  EXPECT_EQ(error({"inspct"}), "\"inspct\" is no command of rondo; did you mean inspect?");
  EXPECT_EQ(error({"frobnicate"}),
            "\"frobnicate\" is no command of rondo; rondo --help lists them");
  EXPECT_EQ(error({}), "rondo needs a command: rondo --help lists them");
}

TEST_F(CommandTest, VersionNamesWhatDecidesBits) {
  const std::string text = output({"--version"});
  for (const char* line : {"rondo 0.", "numerics 1\n", "MPI ", "HDF5 1.", "vector instructions "}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST_F(CommandTest, PreparedTextIsDescribed) {
  std::ofstream(path("a.txt")) << "abcab\fba";
  std::ofstream(path("v.txt")) << "cab\n";
  std::ofstream(path("t.txt")) << "aaaa";
  const std::string summary =
      output({"prepare", "--input", path("a.txt"), "--validation-input", path("v.txt"),
              "--test-input", path("t.txt"), "--output", path("d.h5")});
  EXPECT_NE(summary.find("validation"), std::string::npos) << summary;

  const nlohmann::json described = json({"inspect", path("d.h5"), "--json"});

  EXPECT_EQ(described["kind"], "dataset");
  EXPECT_EQ(described["vocabulary_size"], 4);
  EXPECT_EQ(described["splits"]["train"]["documents"], 2);
  EXPECT_EQ(described["splits"]["train"]["tokens"], 7);
  EXPECT_EQ(described["splits"]["train"]["targets"], 5);
  EXPECT_EQ(described["splits"]["test"]["targets"], 3);
  EXPECT_EQ(described["fingerprint"].get<std::string>().size(), 64U);
  EXPECT_NE(output({"inspect", path("d.h5")}).find("vocabulary        4"), std::string::npos);
  EXPECT_NE(error({"inspect", path("d.h5"), "--digest"}).find("is a data set"), std::string::npos);
}

TEST_F(CommandTest, PrepareSaysWhatItNeeds) {
  EXPECT_EQ(error({"prepare", "--output", path("d.h5")}),
            "rondo prepare needs --input PATH: rondo prepare --help shows an example");
  EXPECT_EQ(error({"prepare", "--task", "music", "--input", "a", "--output", "b"}),
            "--task takes text, classify, label, regress, forecast, transduce, caption or "
            "transcribe, not \"music\"");
  EXPECT_EQ(error({"prepare", "--input", "a", "--output", "b", "--test", "1"}),
            "--test takes a number from 0 below 1, not \"1\"");
}

TEST_F(CommandTest, CheckpointsAreDescribed) {
  const NamedState state = small_checkpoint(40);
  write_checkpoint(path("c.h5"), state);

  const nlohmann::json described = json({"inspect", path("c.h5"), "--json", "--spectra"});

  EXPECT_EQ(described["kind"], "checkpoint");
  EXPECT_EQ(described["step"], 40);
  EXPECT_EQ(described["finished"], false);
  EXPECT_EQ(described["numerics"], 1);
  EXPECT_EQ(described["parameters"], 11);
  EXPECT_EQ(described["configuration"]["rate"], 0.002);
  EXPECT_EQ(described["configuration"]["seed"], 18446744073709551615U);
  EXPECT_EQ(described["configuration"]["resume"], false);
  EXPECT_EQ(described["configuration"]["later-key"], "whatever");
  EXPECT_EQ(described["arrays"].size(), state.arrays().size());
  EXPECT_EQ(described["spectra"].size(), 2U);
  EXPECT_EQ(output({"inspect", path("c.h5"), "--digest"}), parameter_digest(state) + "\n");
  EXPECT_EQ(output({"inspect", path("c.h5"), "--digest-state"}), state_digest(state) + "\n");
  const std::string text = output({"inspect", path("c.h5"), "--spectra"});
  for (const char* part : {"step              40", "cell = lstm", "spectral radius"}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
}

TEST_F(CommandTest, ARunIsItsNewestGoodCheckpoint) {
  write_checkpoint(checkpoint_path(folder_, 40), small_checkpoint(40));
  write_checkpoint(checkpoint_path(folder_, 100), small_checkpoint(100));
  write_checkpoint(best_path(folder_), small_checkpoint(20));

  EXPECT_EQ(json({"inspect", folder_.string(), "--json"})["step"], 100);
  EXPECT_EQ(json({"inspect", folder_.string(), "--json"})["finished"], true);
  EXPECT_EQ(json({"inspect", folder_.string(), "--json", "--best"})["step"], 20);

  fs::resize_file(checkpoint_path(folder_, 100), 700);
  testing::internal::CaptureStderr();
  EXPECT_EQ(json({"inspect", folder_.string(), "--json"})["step"], 40);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("rondo: "), std::string::npos);
}

TEST_F(CommandTest, WhatIsNeitherIsRefused) {
  std::ofstream(path("a.txt")) << "hello";
  EXPECT_NE(error({"inspect", path("a.txt")}).find("a.txt"), std::string::npos);
  EXPECT_NE(error({"inspect", path("missing.h5")}).find("missing.h5"), std::string::npos);
  EXPECT_EQ(error({"inspect", path("a.txt"), "--json", "--digest"}),
            "--digest, --digest-state and --json exclude each other");
  EXPECT_EQ(error({"inspect"}),
            "rondo inspect needs FILE|RUN to look at: rondo inspect --help shows an example");
}

TEST(Spectra, AreThoseOfEachGate) {
  const std::vector<Spectrum> spectra = recurrent_spectra(small_checkpoint(1));
  ASSERT_EQ(spectra.size(), 2U);
  EXPECT_EQ(spectra[0].matrix, "rnn.weight_hh_l0");
  EXPECT_EQ(spectra[0].gate, "a");
  EXPECT_NEAR(spectra[0].spectral_radius, 2, 1e-12);
  EXPECT_NEAR(spectra[0].smallest, 2, 1e-12);
  EXPECT_EQ(spectra[1].gate, "b");
  EXPECT_NEAR(spectra[1].spectral_radius, 3, 1e-12);
  EXPECT_NEAR(spectra[1].largest, 3, 1e-12);
  EXPECT_NEAR(spectra[1].smallest, 0.5, 1e-12);
}

TEST(Spectra, OfBrokenMatricesAreRefused) {
  NamedState state;
  const std::vector<float> values = {1, 2, 3, std::nanf("")};
  state.put<float>("parameters/rnn.weight_hh_l0", values, {2, 2});
  EXPECT_THROW(recurrent_spectra(state), InputError);
  NamedState oblong;
  oblong.put<float>("parameters/rnn.weight_hh_l0", values, {1, 4});
  EXPECT_THROW(recurrent_spectra(oblong), InputError);
}

TEST(Digests, CoverWhatTheyPromise) {
  const NamedState state = small_checkpoint(5);
  const auto changed = [&](const std::string& name) {
    NamedState other = state;
    other.arrays().at(name).bytes[0] ^= std::byte{1};
    return std::pair(parameter_digest(other) != parameter_digest(state),
                     state_digest(other) != state_digest(state));
  };
  EXPECT_EQ(changed("parameters/output.bias"), std::pair(true, true));
  EXPECT_EQ(changed("optimizer/m/output.bias"), std::pair(false, true));
  EXPECT_EQ(changed("counters/step"), std::pair(false, true));
  EXPECT_EQ(changed("progress/best_loss"), std::pair(false, false));
}

}  // namespace
}  // namespace rondo::apps
