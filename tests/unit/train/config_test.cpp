#include "rondo/train/config.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "input_error.hpp"
#include "rondo/core/nearest_name.hpp"
#include "rondo/model/cell.hpp"

namespace rondo {
namespace {

using test::error_of;

std::string parse_error(const std::string& key, const std::string& text) {
  return error_of([&] {
    Config config;
    find_config_key(key)->parse(config, text);
  });
}

Config small_run() {
  Config config;
  config.steps = 100;
  return config;
}

TEST(ConfigKeys, NamesAreUniqueAndEveryKeyExplainsItself) {
  std::set<std::string> names;
  for (const ConfigKey& key : config_keys()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    EXPECT_FALSE(key.help.empty()) << key.name;
  }
}

// Two keys wired to one member would show here: every key is moved off its default alone.
TEST(ConfigKeys, EachKeyChangesItsOwnMemberAndNoOther) {
  for (const ConfigKey& key : config_keys()) {
    const Config untouched;
    Config config;
    const std::string before = key.print(config);
    bool moved = false;
    for (const char* text :
         {"true",    "5",      "0.25",   "sgd",      "gru",     "double", "cosine",   "orthogonal",
          "native",  "avx2",   "memory", "reduce",   "trained", "mean",   "balanced", "huber",
          "carried", "season", "apart",  "feedback", "dot",     "7",      "2/5"}) {
      if (moved) break;
      try {
        key.parse(config, text);
        moved = key.print(config) != before;
      } catch (const InputError&) {
        continue;
      }
    }
    ASSERT_TRUE(moved) << key.name;
    for (const ConfigKey& other : config_keys()) {
      if (other.name == key.name) continue;
      EXPECT_EQ(other.print(config), other.print(untouched)) << key.name << " moved " << other.name;
    }
  }
}

TEST(ConfigKeys, QuantilesAreSharesThatAscend) {
  Config config;
  find_config_key("loss")->parse(config, "quantile");
  find_config_key("quantiles")->parse(config, "0.05,0.5");
  EXPECT_EQ(config.number_loss().quantiles, (std::vector<double>{0.05, 0.5}));
  for (const char* text : {"", "0", "0.5,1", "0.5,", "0.2 0.3", "0.5,0.5", "0.9,0.1"}) {
    EXPECT_TRUE(parse_error("quantiles", text).starts_with("--quantiles takes ")) << text;
  }
}

TEST(ConfigKeys, IntegersAreParsedWholeAndInRange) {
  Config config;
  find_config_key("window")->parse(config, "1000000");
  EXPECT_EQ(config.window, 1000000);

  for (const char* text : {"zero", "", "0", "-1", "+1", " 1", "1 ", "1.5", "1e3", "0x10", "1000001",
                           "99999999999999999999"}) {
    EXPECT_EQ(parse_error("window", text),
              "--window takes a whole number from 1 to 1000000, not \"" + std::string(text) + "\"");
  }
  EXPECT_EQ(parse_error("projection", "-1"),
            "--projection takes a whole number from 0 to 65536, not \"-1\"");
}

TEST(ConfigKeys, SeedsUseAll64Bits) {
  Config config;
  find_config_key("seed")->parse(config, "18446744073709551615");
  EXPECT_EQ(config.seed, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(parse_error("seed", "-1"),
            "--seed takes a whole number from 0 to 18446744073709551615, not \"-1\"");
  EXPECT_NE(parse_error("seed", "18446744073709551616"), "");
}

TEST(ConfigKeys, NumbersRefuseNanInfinityAndOpenEnds) {
  for (const char* text : {"nan", "inf", "-inf", "0", "-0.1", "1e999", "0.1x", "0,1", "", "1001"}) {
    EXPECT_EQ(parse_error("rate", text),
              "--rate takes a number above 0 and to 1000, not \"" + std::string(text) + "\"");
  }
  EXPECT_EQ(parse_error("dropout", "1"), "--dropout takes a number from 0 below 1, not \"1\"");

  Config config;
  find_config_key("dropout")->parse(config, "-0");
  EXPECT_FALSE(std::signbit(config.dropout));
  find_config_key("rate")->parse(config, "3e-4");
  EXPECT_EQ(config.rate, 3e-4);
}

TEST(ConfigKeys, UnknownChoicesListTheKnownOnes) {
  EXPECT_EQ(parse_error("precision", "half"), "--precision takes float or double, not \"half\"");
  EXPECT_EQ(parse_error("cell", "transformer"),
            "--cell takes " + list_names(cell_names()) + ", not \"transformer\"");
  EXPECT_EQ(parse_error("reducer", ""), "--reducer takes exact or native, not \"\"");
  EXPECT_EQ(parse_error("resume", "yes"), "--resume is on or off: true or false, not \"yes\"");
}

TEST(ConfigKeys, NearestNamesAreOffered) {
  EXPECT_EQ(nearest_config_key("windw"), "window");
  EXPECT_EQ(nearest_config_key("warmup_steps"), "warmup-steps");
  EXPECT_EQ(nearest_config_key("embeding"), "embedding");
  EXPECT_EQ(nearest_config_key("zzzzzzzzz"), "");
  EXPECT_EQ(find_config_key("windw"), nullptr);
}

TEST(ConfigText, RoundTripsEveryKeyExactly) {
  Config config = small_run();
  config.data = "/data/with space/a=b # c.h5";
  config.rate = 0.1 + 0.2;
  config.epsilon = 4.9406564584124654e-324;
  config.seed = std::numeric_limits<std::uint64_t>::max();
  config.resume = true;
  complete(config);

  const std::string text = config_to_text(config);
  const Config back = config_from_text(text, "here");

  EXPECT_EQ(config_to_text(back), text);
  EXPECT_EQ(back.data, config.data);
  EXPECT_EQ(back.rate, config.rate);
  EXPECT_EQ(back.epsilon, config.epsilon);
  EXPECT_EQ(back.seed, config.seed);
  EXPECT_TRUE(back.resume);
}

TEST(ConfigText, ErrorsNameFileAndLine) {
  const auto error = [](const std::string& text) {
    return error_of([&] { config_from_text(text, "run/c.h5"); });
  };
  EXPECT_EQ(error("cell = gru\nwindow 3\n"),
            "run/c.h5: line 2 of the configuration is not \"key = value\": \"window 3\"");
  EXPECT_EQ(error("cell = gru\nteaching = 3\n"),
            "run/c.h5: line 2 of the configuration has a key that this rondo does not know: "
            "\"teaching\"");
  EXPECT_EQ(error("window = x"),
            "run/c.h5: line 1 of the configuration: --window takes a whole number from 1 to "
            "1000000, not \"x\"");
  EXPECT_EQ(error("cell = gru\ncell = lstm"),
            "run/c.h5: line 2 of the configuration gives cell a second time");
  EXPECT_EQ(error(""), "");
}

TEST(ResumeConfig, TakesTheCheckpointsValuesAndTheUsersMachine) {
  Config saved = small_run();
  saved.cell = "gru";
  saved.hidden = 128;
  saved.threads = 8;
  saved.max_steps = 10;
  saved.data = "kjv.h5";
  complete(saved);
  Config wanted;
  wanted.resume = true;
  wanted.keep = 7;
  wanted.steps = 200;

  const Config config = resume_config(saved, wanted, {"resume", "keep", "steps"});

  EXPECT_EQ(config.cell, "gru");
  EXPECT_EQ(config.hidden, 128);
  EXPECT_EQ(config.embedding, 128);
  EXPECT_EQ(config.data, "kjv.h5");
  EXPECT_EQ(config.threads, 0) << "a machine's choice must not follow the run to another";
  EXPECT_EQ(config.max_steps, 0) << "a limit holds for one start";
  EXPECT_TRUE(config.resume);
  EXPECT_EQ(config.keep, 7);
  EXPECT_EQ(config.steps, 200);
}

TEST(ResumeConfig, RefusesFixedKeysWithBothValues) {
  Config saved = small_run();
  complete(saved);
  Config wanted;
  wanted.hidden = 512;
  EXPECT_EQ(error_of([&] { resume_config(saved, wanted, {"hidden"}); }),
            "the run was started with hidden = 256 and cannot be resumed with 512; leave --hidden "
            "out, or start a new run");
  EXPECT_EQ(error_of([&] { resume_config(saved, wanted, {}); }), "");
}

TEST(ResumeConfig, KeysLeftToDefaultsAgreeWithWhatTheyBecame) {
  Config saved = small_run();
  complete(saved);
  EXPECT_EQ(error_of([&] {
              resume_config(saved, Config(), {"block", "embedding", "eval-lanes"});
            }),
            "");
}

TEST(ResumeConfig, LengthMayChangeItsUnit) {
  Config saved = small_run();
  complete(saved);
  Config wanted;
  wanted.epochs = 3;
  const Config config = resume_config(saved, wanted, {"epochs"});
  EXPECT_EQ(config.steps, 0);
  EXPECT_EQ(config.epochs, 3);
}

// What a run that diverged is advised to change may be changed.
TEST(ResumeConfig, ClippingMayChangeAsTheRateMay) {
  Config saved = small_run();
  complete(saved);
  EXPECT_FALSE(changes_updates(saved, saved));
  Config wanted;
  wanted.steps = 1000;
  wanted.keep = 9;
  EXPECT_FALSE(changes_updates(saved, resume_config(saved, wanted, {"steps", "keep"})));
  wanted.clip_norm = 1;
  wanted.clip_value = 2;
  wanted.rate = 1e-6;
  for (const char* key : {"clip-norm", "clip-value", "rate"}) {
    EXPECT_TRUE(changes_updates(saved, resume_config(saved, wanted, {key}))) << key;
  }
}

TEST(CompareConfigs, ListsGivenKeysWithTheirKinds) {
  Config saved = small_run();
  complete(saved);
  Config wanted = saved;
  wanted.rate = 0.5;
  wanted.cell = "gru";
  wanted.keep = 9;
  wanted.hidden = 1;

  const auto differences = compare_configs(saved, wanted, {"rate", "cell", "keep", "layers"});

  ASSERT_EQ(differences.size(), 3U);
  EXPECT_EQ(differences[0].key, "cell");
  EXPECT_EQ(differences[0].saved, "lstm");
  EXPECT_EQ(differences[0].wanted, "gru");
  EXPECT_EQ(differences[0].kind, KeyKind::fixed);
  EXPECT_EQ(differences[1].key, "rate");
  EXPECT_EQ(differences[1].kind, KeyKind::notice);
  EXPECT_EQ(differences[2].key, "keep");
  EXPECT_EQ(differences[2].kind, KeyKind::free);
}

}  // namespace
}  // namespace rondo
