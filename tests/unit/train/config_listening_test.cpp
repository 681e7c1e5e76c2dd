// Runs that listen to their validations: what their configuration needs, and may not change.
#include <gtest/gtest.h>

#include <string>

#include "input_error.hpp"
#include "rondo/train/config.hpp"

namespace rondo {
namespace {

using test::error_of;

Config listening_run() {
  Config config;
  config.steps = 100;
  config.schedule = "plateau";
  config.validate_every = 10;
  complete(config);
  return config;
}

TEST(ListeningRun, NeedsValidations) {
  Config config = listening_run();
  EXPECT_TRUE(listens_to_validation(config));
  config.validate_every = 0;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--schedule plateau listens to validation: give --validate-every N");
  config.schedule = "constant";
  EXPECT_FALSE(listens_to_validation(config));
  EXPECT_EQ(error_of([&] { complete(config); }), "");
  config.patience = 3;
  EXPECT_EQ(error_of([&] { complete(config); }),
            "--patience listens to validation: give --validate-every N");
}

TEST(ListeningRun, KeepsTheRhythmOfItsValidations) {
  const Config saved = listening_run();
  Config wanted;
  wanted.validate_every = 20;
  EXPECT_EQ(error_of([&] { resume_config(saved, wanted, {"validate-every"}); }),
            "the run listens to its validations, every 10 steps, and cannot be resumed with "
            "validate-every = 20; leave --validate-every out");
  wanted.validate_every = 10;
  wanted.decay_factor = 0.25;
  EXPECT_EQ(resume_config(saved, wanted, {"validate-every", "decay-factor"}).decay_factor, 0.25);

  Config deaf = saved;
  deaf.schedule = "constant";
  wanted.validate_every = 20;
  EXPECT_EQ(resume_config(deaf, wanted, {"validate-every"}).validate_every, 20);
}

// As a checkpoint from before these keys were there has it.
TEST(ListeningRun, KeysThatAreMissingHaveTheirDefaults) {
  std::string text;
  for (const ConfigKey& key : config_keys()) {
    const std::string name = key.name;
    if (name.starts_with("decay-") || name == "patience" || name == "smoothing" ||
        name == "initial-range") {
      continue;
    }
    text += name + " = " + key.print(Config{}) + "\n";
  }
  EXPECT_EQ(config_to_text(config_from_text(text, "the checkpoint")), config_to_text(Config{}));
}

}  // namespace
}  // namespace rondo
