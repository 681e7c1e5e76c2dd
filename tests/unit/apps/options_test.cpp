#include "apps/options/options.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "input_error.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

using test::error_of;

// A configuration file that goes with the test; errors name it "FILE".
class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text)
      : path_((fs::temp_directory_path() / ("rondo-options-" + std::to_string(getpid()) + ".conf"))
                  .string()) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~ConfigFile() { fs::remove(path_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

  TrainOptions parse(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.end(), {"--config", path_});
    return parse_train_options(arguments);
  }
  const std::string& path() const { return path_; }
  std::string error(const std::vector<std::string>& arguments = {}) const {
    std::string text = error_of([&] { parse(arguments); });
    const std::size_t at = text.find(path_);
    return at == std::string::npos ? text : text.replace(at, path_.size(), "FILE");
  }

 private:
  std::string path_;
};

std::string train_error(const std::vector<std::string>& arguments) {
  return error_of([&] { parse_train_options(arguments); });
}

TEST(TrainOptions, TakesValuesInBothSpellings) {
  const TrainOptions options =
      parse_train_options({"--window", "128", "--cell=gru", "--resume", "--rate", "1e-3"});
  EXPECT_EQ(options.config.window, 128);
  EXPECT_EQ(options.config.cell, "gru");
  EXPECT_EQ(options.config.rate, 1e-3);
  EXPECT_TRUE(options.config.resume);
  EXPECT_EQ(options.given, (std::set<std::string>{"window", "cell", "resume", "rate"}));
}

TEST(TrainOptions, NothingGivenIsTheDefault) {
  const TrainOptions options = parse_train_options({});
  EXPECT_EQ(config_to_text(options.config), config_to_text(Config()));
  EXPECT_TRUE(options.given.empty());
}

TEST(TrainOptions, UnknownNamesGetTheNearestKnownOne) {
  EXPECT_EQ(train_error({"--windw", "3"}),
            "\"--windw\" is no option of rondo train; did you mean --window?");
  EXPECT_EQ(train_error({"--windw=3"}),
            "\"--windw\" is no option of rondo train; did you mean --window?");
  EXPECT_EQ(train_error({"--frobnicate"}),
            "\"--frobnicate\" is no option of rondo train; rondo train --help lists them");
}

TEST(TrainOptions, ShortenedNamesAreNotGuessed) {
  EXPECT_NE(train_error({"--wind", "3"}), "");
  EXPECT_NE(train_error({"--checkpoint-m", "3"}), "");
}

TEST(TrainOptions, BadValuesAreNamed) {
  EXPECT_EQ(train_error({"--window", "zero"}),
            "--window takes a whole number from 1 to 1000000, not \"zero\"");
  EXPECT_EQ(train_error({"--rate", "-1"}), "--rate takes a number above 0 and to 1000, not \"-1\"");
}

TEST(TrainOptions, MissingSurplusAndDoubleValuesAreRefused) {
  EXPECT_EQ(train_error({"--window"}),
            "--window wants a value: rondo train --help shows an example");
  EXPECT_EQ(train_error({"--data="}), "--data wants a value: rondo train --help shows an example");
  EXPECT_EQ(train_error({"--cell", "gru", "--cell", "lstm"}), "--cell is given twice");
  EXPECT_EQ(train_error({"--resume", "kjv.h5"}),
            "\"kjv.h5\" stands alone: rondo train takes --name value pairs");
  EXPECT_EQ(train_error({"-window", "3"}),
            "\"-window\" stands alone: rondo train takes --name value pairs, and names begin with "
            "two dashes");
}

TEST(ConfigFiles, AreReadAndTheCommandLineWins) {
  const ConfigFile file(
      "# a comment\n"
      "\n"
      "cell = gru   # the gated one\r\n"
      "window=32\n"
      "  hidden  =  64\n"
      "resume = true\n"
      "data = /a path/with spaces.h5\n");
  const TrainOptions options = file.parse({"--window", "16"});
  EXPECT_EQ(options.config.cell, "gru");
  EXPECT_EQ(options.config.window, 16);
  EXPECT_EQ(options.config.hidden, 64);
  EXPECT_EQ(options.config.data, "/a path/with spaces.h5");
  EXPECT_TRUE(options.config.resume);
  EXPECT_EQ(options.given, (std::set<std::string>{"cell", "window", "hidden", "data", "resume"}));
}

TEST(ConfigFiles, AHashIsACommentAtALinesBeginningOrBehindWhiteSpaceAlone) {
  const ConfigFile file(
      "#data = a\n"
      " \t# data = b\n"
      "run = hash/lr#1\n"
      "data = c#sharp.rondo\t#4\n"
      "cell = gru #\n");
  const TrainOptions options = file.parse();
  EXPECT_EQ(options.config.run, "hash/lr#1");
  EXPECT_EQ(options.config.data, "c#sharp.rondo");
  EXPECT_EQ(options.config.cell, "gru");
  // What was a comment to earlier versions and is none now does not change a number silently.
  EXPECT_EQ(ConfigFile("rate = 0.1#fast\n").error(),
            "FILE line 1: --rate takes a number above 0 and to 1000, not \"0.1#fast\"");
}

TEST(ConfigFiles, LineEndsWhiteSpaceAndAByteOrderMarkAreOfNoMeaning) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    const TrainOptions options =
        ConfigFile(std::string("\xEF\xBB\xBF# a comment") + end + "\tdata\t=\t/a path/b.h5 \t" +
                   end + end + "hidden = 64")
            .parse();
    EXPECT_EQ(options.config.data, "/a path/b.h5");
    EXPECT_EQ(options.config.hidden, 64);
  }
  EXPECT_EQ(ConfigFile("\r\n\r\nhidden = x\r\n").error(),
            "FILE line 3: --hidden takes a whole number from 1 to 65536, not \"x\"");
  EXPECT_EQ(ConfigFile("\xEF\xBB\xBFhidden = 64").parse().config.hidden, 64);
  EXPECT_EQ(ConfigFile(std::string("\xFF\xFEh\0i\0", 6)).error(),
            "--config FILE holds NUL bytes, as UTF-16 does: save it as UTF-8");
}

TEST(ConfigFiles, QuotesAreRefusedRatherThanMadeAPartOfTheValue) {
  EXPECT_EQ(ConfigFile("run = \"runs/a\"\n").error(),
            "FILE line 1: run = \"runs/a\" is in quotes, and values need none: leave them out");
  EXPECT_NE(ConfigFile("cell = 'gru'\n").error(), "");
  EXPECT_EQ(ConfigFile("run = it's\n").error(), "");
}

TEST(ConfigFiles, FlagsCanBeSwitchedOffOnTheCommandLine) {
  const ConfigFile file("dry-run = true\n");
  EXPECT_TRUE(file.parse().config.dry_run);
  EXPECT_FALSE(file.parse({"--dry-run=false"}).config.dry_run);
}

TEST(ConfigFiles, ALengthOnTheCommandLineDisplacesTheFilesInEitherUnit) {
  EXPECT_EQ(ConfigFile("steps = 40\n").parse({"--epochs", "2"}).config.steps, 0);
  // Both in one place: no guess which is meant.
  EXPECT_EQ(ConfigFile("steps = 40\nepochs = 2\n").parse().given.size(), 2U);
  const ConfigFile in_epochs("epochs = 13\n");
  EXPECT_EQ(in_epochs.parse().config.epochs, 13);
  EXPECT_EQ(in_epochs.parse({"--steps", "40"}).config.steps, 40);
  EXPECT_EQ(in_epochs.parse({"--steps", "40"}).config.epochs, 0);
  EXPECT_EQ(in_epochs.parse({"--steps", "40"}).given, std::set<std::string>{"steps"});
  EXPECT_EQ(in_epochs.parse({"--steps", "40", "--epochs", "2"}).given.size(), 2U);
}

TEST(ConfigFiles, ErrorsNameFileAndLine) {
  EXPECT_EQ(ConfigFile("cell = gru\n\nwindow = x\n").error(),
            "FILE line 3: --window takes a whole number from 1 to 1000000, not \"x\"");
  EXPECT_EQ(ConfigFile("cell = gru\nwindw = 3\n").error(),
            "FILE line 2: \"windw\" is no option of rondo train; did you mean window?");
  EXPECT_EQ(ConfigFile("cell gru\n").error(), "FILE line 1: \"cell gru\" is not \"name = value\"");
  EXPECT_EQ(ConfigFile("cell = gru\ncell = gru\n").error(), "FILE line 2: cell is given twice");
  EXPECT_EQ(ConfigFile("[model]\ncell = gru\n").error(),
            "FILE line 1: sections like [model] are not used; write \"name = value\" lines");
  EXPECT_EQ(ConfigFile("config = other\n").error(),
            "FILE line 1: config belongs on the command line");
}

TEST(ConfigFiles, MustBeReadable) {
  EXPECT_EQ(train_error({"--config", "/nowhere/x.conf"}),
            "--config /nowhere/x.conf cannot be read: No such file or directory");
  EXPECT_EQ(train_error({"--config", "/tmp"}), "--config /tmp cannot be read: Is a directory");
  EXPECT_EQ(train_error({"--config", "/dev/zero"}),
            "--config /dev/zero cannot be read: it has more than 1048576 bytes");
  EXPECT_EQ(train_error({"--config", "/dev/null"}), "");
  EXPECT_EQ(train_error({"--config", "a", "--config", "b"}), "--config is given twice");
}

const CommandLine& small_command() {
  static const CommandLine line = {
      .command = "sort",
      .summary = "Sorts.",
      .example = "  rondo sort box\n",
      .positional = "box",
      .options = {{.name = "box", .value_name = "BOX", .help = "which"},
                  {.name = "input", .value_name = "PATH", .help = "what", .many = true},
                  {.name = "count", .value_name = "N", .help = "how many", .default_text = "3"},
                  {.name = "fast",
                   .help = "hurry",
                   .idle =
                       [](const GivenOptions& given) {
                         return given.text("count") == "1" ? "one is sorted already" : nullptr;
                       }}},
  };
  return line;
}

TEST(SmallCommands, TakePositionalAndRepeatedOptions) {
  const GivenOptions given = parse_options(
      small_command(), {"red", "--fast", "--input", "a", "b", "--input", "c", "--count", "7"});
  EXPECT_EQ(given.text("box"), "red");
  EXPECT_EQ(given.list("input"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(given.integer("count", 3, 1, 9), 7);
  EXPECT_TRUE(given.flag("fast"));
}

TEST(SmallCommands, AFlagTakesNoFollowingArgument) {
  const GivenOptions given = parse_options(small_command(), {"--fast", "red"});
  EXPECT_EQ(given.text("box"), "red");
  EXPECT_TRUE(given.flag("fast"));
  EXPECT_FALSE(parse_options(small_command(), {"--fast=false"}).flag("fast"));
}

TEST(SmallCommands, ValuesMayBeEmptyOrBeginWithADash) {
  EXPECT_TRUE(parse_options(small_command(), {"--count", ""}).has("count"));
  EXPECT_EQ(parse_options(small_command(), {"--count", "-5"}).text("count"), "-5");
  EXPECT_EQ(parse_options(small_command(), {"--count=--x"}).text("count"), "--x");
}

TEST(SmallCommands, AListOnTheCommandLineReplacesTheFiles) {
  const ConfigFile file("input = x\ninput = y\nfast = true\n");
  const GivenOptions both =
      parse_options(small_command(), {"--input", "a", "--config", file.path()});
  EXPECT_EQ(both.list("input"), std::vector<std::string>{"a"});
  EXPECT_TRUE(both.flag("fast"));
  const GivenOptions alone = parse_options(small_command(), {"--config", file.path()});
  EXPECT_EQ(alone.list("input"), (std::vector<std::string>{"x", "y"}));
}

TEST(SmallCommands, FallBackToDefaultsAndCheckRanges) {
  const GivenOptions none = parse_options(small_command(), {});
  EXPECT_EQ(none.integer("count", 3, 1, 9), 3);
  EXPECT_FALSE(none.flag("fast"));
  EXPECT_TRUE(none.list("input").empty());

  const GivenOptions given = parse_options(small_command(), {"--count", "10"});
  EXPECT_EQ(error_of([&] { given.integer("count", 3, 1, 9); }),
            "--count takes a whole number from 1 to 9, not \"10\"");
}

TEST(SmallCommands, SayWhatIsMissingOrTooMuch) {
  EXPECT_EQ(error_of([] {
              parse_options(small_command(), {"red", "blue"});
            }),
            "\"blue\" is one argument too many for rondo sort");
  const GivenOptions none;
  EXPECT_EQ(error_of([&] { require_options(small_command(), none, {"box"}); }),
            "rondo sort needs BOX to look at: rondo sort --help shows an example");
  EXPECT_EQ(error_of([&] { require_options(small_command(), none, {"input"}); }),
            "rondo sort needs --input PATH: rondo sort --help shows an example");
}

TEST(SmallCommands, TellOfOptionsWithoutEffect) {
  const auto told = [](const std::vector<std::string>& arguments) {
    return idle_options(small_command(), parse_options(small_command(), arguments));
  };
  EXPECT_EQ(told({"red", "--fast", "--count", "1"}),
            "without effect here: --fast (one is sorted already)");
  EXPECT_EQ(told({"red", "--fast"}), "");
  EXPECT_EQ(told({"red", "--count", "1"}), "");
}

TEST(Help, ShowsEveryOptionTheDefaultsAndTheExample) {
  // But faults on purpose, which are for tests (train/settings.hpp).
  const std::set<std::string> faults = {"hang-rank", "hang-at",   "fail-rank",
                                        "fail-at",   "fail-with", "fault-phase"};
  const std::string text = help_text(train_command_line());
  for (const ConfigKey& key : config_keys()) {
    EXPECT_NE(text.find("--" + key.name + " ") != std::string::npos, faults.contains(key.name))
        << key.name;
  }
  EXPECT_NE(text.find("(default lstm)"), std::string::npos);
  EXPECT_NE(text.find("mpirun -n"), std::string::npos);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_LE(end - begin, 100U) << text.substr(begin, end - begin);
    begin = end + 1;
  }
}

// The examples of the help must work: this one is parsed as it stands.
TEST(Help, TrainExampleParses) {
  EXPECT_EQ(train_error({"--data", "kjv.rondo", "--run", "runs/kjv", "--cell", "lstm", "--hidden",
                         "256", "--lanes", "32", "--window", "64", "--steps", "2000",
                         "--validate-every", "200"}),
            "");
}

}  // namespace
}  // namespace rondo::apps
