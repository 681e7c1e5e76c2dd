// A model as a program has it: its answers are those of `rondo predict`, streams are independent,
// and what is wrong is said.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "rondo/core/shell_quote.hpp"
#include "rondo/rondo.hpp"

namespace rondo {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

class LibraryTest : public testing::Test {
 protected:
  LibraryTest() {
    std::string name = (std::filesystem::temp_directory_path() / "rondo-library-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    std::ofstream table(path("series.csv"));
    table << "id,x,where,y,tag,kind\n";
    for (int row = 0; row < 60; ++row) {
      const int x = row * 7 % 11;
      table << row / 4 << ',' << (row % 5 == 0 ? "" : std::to_string(x)) << ','
            << (row % 3 == 0 ? "in" : "out") << ',' << 100 + x * x << ',' << (x > 5 ? "up" : "down")
            << ',' << (row / 4 % 2 == 0 ? "even" : "odd") << '\n';
    }
  }

  ~LibraryTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  // What the program prints.
  std::string output(const std::vector<std::string>& arguments) {
    std::string command = shell_quoted(RONDO_PROGRAM);
    for (const std::string& argument : arguments) command += ' ' + shell_quoted(argument);
    std::FILE* const pipe = popen((command + " 2>" + shell_quoted(path("said"))).c_str(), "r");
    std::string printed;
    for (int c; (c = std::fgetc(pipe)) != EOF;) printed += static_cast<char>(c);
    if (pclose(pipe) != 0) ADD_FAILURE() << command;
    return printed;
  }

  // A model of the table, trained for a few steps.
  Model trained(const std::string& task, const std::vector<std::string>& columns,
                const std::vector<std::string>& keys = {}) {
    std::vector<std::string> prepare = {"prepare",
                                        "--task",
                                        task,
                                        "--input",
                                        path("series.csv"),
                                        "--output",
                                        path(task + ".rondo")};
    prepare.insert(prepare.end(), columns.begin(), columns.end());
    output(prepare);
    std::vector<std::string> train = {"train",   "--data",   path(task + ".rondo"),
                                      "--run",   path(task), "--hidden",
                                      "7",       "--steps",  "4",
                                      "--lanes", "4",        "--threads",
                                      "1"};
    train.insert(train.end(), keys.begin(), keys.end());
    output(train);
    return Model(path(task));
  }
  Model regressing(const std::vector<std::string>& keys = {}) {
    return trained(
        "regress",
        {"--group", "id", "--missing", "mask", "--source", "x", "where:class", "--target", "y"},
        keys);
  }

  std::filesystem::path folder_;
};

template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST_F(LibraryTest, TellsWhatItReadsAndSays) {
  const Model model = regressing({"--loss", "quantile", "--quantiles", "0.1,0.5"});
  EXPECT_EQ(model.task(), "regress");
  ASSERT_EQ(model.inputs().size(), 2U);
  EXPECT_EQ(model.inputs()[0].name, "x");
  EXPECT_TRUE(model.inputs()[0].may_lack);
  EXPECT_TRUE(model.inputs()[0].symbols.empty());
  EXPECT_EQ(model.inputs()[1].name, "where");
  EXPECT_EQ(model.decode(model.encode("out", 1), 1), "out");
  EXPECT_EQ(model.outputs(), (std::vector<std::string>{"y 0.1", "y 0.5"}));
  EXPECT_TRUE(model.notices().empty());
}

TEST_F(LibraryTest, SaysWhatPredictSays) {
  for (const std::string cell : {"lstm", "gru", "lstm-norm"}) {
    Model model = regressing({"--loss", "gaussian", "--layers", "2", "--cell", cell});
    std::ofstream(path("two.csv")) << "id,x,where\n1,3,in\n1,,out\n1,8,out\n2,0.5,out\n2,4,in\n";
    const std::string answers =
        output({"predict", "--checkpoint", path("regress"), "--input", path("two.csv")});
    const double in = model.encode("in", 1).front(), out = model.encode("out", 1).front();
    std::string means, deviations;
    const std::vector<std::vector<std::vector<double>>> sequences = {
        {{3, in}, {none, out}, {8, out}}, {{0.5, out}, {4, in}}};
    std::string said;
    for (const auto& sequence : sequences) {
      model.reset();
      means = deviations = "";
      for (const std::vector<double>& step : sequence) {
        const std::vector<double>& numbers = model.step(step);
        ASSERT_EQ(numbers.size(), 2U);
        const char* const between = means.empty() ? "" : " ";
        means += fmt::format("{}{:.9g}", between, numbers[0]);
        deviations += fmt::format("{}{:.9g}", between, numbers[1]);
      }
      said += means + '\t' + deviations + '\n';
    }
    EXPECT_EQ(said, answers) << cell;
    std::filesystem::remove_all(path("regress"));
  }
}

TEST_F(LibraryTest, ProbabilitiesOfASequencesClassAreThoseOfPredictBitForBit) {
  Model model =
      trained("classify", {"--group", "id", "--source", "where:class", "--target", "kind:class"},
              {"--precision", "double"});
  std::ofstream(path("one.csv")) << "id,where\n1,in\n1,out\n1,out\n";
  const auto answer =
      nlohmann::json::parse(output({"predict", "--checkpoint", path("classify"), "--input",
                                    path("one.csv"), "--json"}))["probabilities"];
  for (const char* where : {"in", "out"}) model.step(model.encode(where).front());
  const std::vector<double> said = model.step(model.encode("out").front());
  ASSERT_EQ(answer.size(), said.size());
  for (std::size_t i = 0; i < said.size(); ++i) {
    EXPECT_EQ(answer[model.outputs()[i]].get<double>(), said[i]);
  }
}

// Also where the newest values are missing, and with what is known ahead.
TEST_F(LibraryTest, ForecastsAsPredictDoes) {
  const int horizon = 3;
  const auto row = [](int t) {
    return std::vector<double>{t % 9 == 4 ? none : 50 + t % 7 * 3.5, t % 5 * 1.0, t % 4 * 0.5};
  };
  const auto write = [&](const std::string& name, int rows, int known) {
    std::ofstream table(path(name));
    table << "load,wind,holiday\n";
    for (int t = 0; t < known; ++t) {
      const std::vector<double> values = row(t);
      if (t < rows && !std::isnan(values[0])) table << values[0];
      table << ',';
      if (t < rows) table << values[1];
      table << ',' << values[2] << '\n';
    }
  };
  write("series.csv", 200, 200);
  for (const std::string subtract : {"last", "season", "none"}) {
    Model model =
        trained("forecast",
                {"--missing", "mask", "--target", "load", "--source", "wind", "--known", "holiday"},
                {"--horizon", "3", "--season", "7", "--loss", "gaussian", "--subtract", subtract});
    EXPECT_EQ(model.outputs()[4], "load +3");
    std::size_t values = 0;
    for (const ModelInput& input : model.inputs()) values += input.width;
    ASSERT_EQ(values, 2U + horizon);
    std::vector<double> said;
    for (int t = 0; t < 120; ++t) {
      if (t == 60) {  // elsewhere
        const std::vector<double> state = model.state();
        model = Model(path("forecast"));
        model.restore(state);
      }
      std::vector<double> step;
      for (const ModelInput& input : model.inputs()) {
        const std::size_t column = input.name == "load" ? 0 : input.name == "wind" ? 1 : 2;
        for (int ahead = 0; ahead < static_cast<int>(input.width); ++ahead) {
          step.push_back(row(input.name == "holiday" ? t + 1 + ahead : t)[column]);
        }
      }
      said = model.step(step);
      if (t != 50 && t != 119) continue;
      write("until.csv", t + 1, t + 1 + horizon);
      const auto answer = nlohmann::json::parse(output(
          {"predict", "--checkpoint", path("forecast"), "--input", path("until.csv"), "--json"}));
      for (std::size_t i = 0; i < horizon; ++i) {
        EXPECT_EQ(fmt::format("{:.9g}", said[2 * i]),
                  fmt::format("{:.9g}", answer["answer"][i].get<double>()))
            << subtract << t;
      }
    }
    std::filesystem::remove_all(path("forecast"));
  }
}

TEST_F(LibraryTest, GoesOnWithATextAsGenerateDoes) {
  std::ofstream text(path("text.txt"));
  for (int i = 0; i < 80; ++i) text << "The " << (i % 7 == 0 ? "quick" : "lazy") << " fox.\n";
  text.close();
  output({"prepare", "--task", "text", "--level", "char", "--input", path("text.txt"), "--output",
          path("text.rondo")});
  output({"train",    "--data",     path("text.rondo"),
          "--run",    path("text"), "--hidden",
          "9",        "--cell",     "gru",
          "--layers", "2",          "--lanes",
          "4",        "--window",   "8",
          "--steps",  "30",         "--threads",
          "1",        "--rate",     "0.02"});
  Model model(path("text"));
  std::vector<int> symbols = model.encode("The ");
  std::vector<double> next;
  for (const int symbol : symbols) next = model.step(symbol);
  for (int i = 0; i < 40; ++i) {
    symbols.push_back(static_cast<int>(std::ranges::max_element(next) - next.begin()));
    next = model.step(symbols.back());
  }
  EXPECT_EQ(model.decode(symbols) + '\n',
            output({"generate", "--checkpoint", path("text"), "--prompt", "The ", "--length", "40",
                    "--temperature", "0"}));
}

TEST_F(LibraryTest, StreamsAreIndependentAndCopiesGoOn) {
  Model model = regressing();
  const std::vector<std::vector<double>> steps = {{1, 0}, {5, 1}, {none, 1}, {9, 0}};
  std::vector<std::vector<double>> alone;
  for (const auto& step : steps) alone.push_back(model.step(step));
  model.reset();
  model.step(steps[0]);
  model.step(steps[1]);
  Model copy = model;
  const std::vector<double> state = model.state();
  copy.step({3, 0});  // disturbs nobody
  EXPECT_EQ(model.step(steps[2]), alone[2]);
  EXPECT_EQ(model.step(steps[3]), alone[3]);
  copy.restore(state);
  EXPECT_EQ(copy.step(steps[2]), alone[2]);
  copy = Model(path("regress"));
  copy.restore(state);
  EXPECT_EQ(copy.step(steps[2]), alone[2]);
  copy.restore({});
  EXPECT_TRUE(copy.state().empty());
  EXPECT_NE(copy.step(steps[2]), alone[2]);
  copy.reset();
  EXPECT_EQ(copy.step(steps[0]), alone[0]);
}

TEST_F(LibraryTest, CopiesWorkSideBySide) {
  Model model = regressing();
  std::vector<Model> copies(4, model);
  std::vector<std::vector<double>> said(copies.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int t = 0; t < 100; ++t) said[i] = copies[i].step({t % 10 * 1.0, t % 2 * 1.0});
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int t = 0; t < 100; ++t) {
    const std::vector<double>& own = model.step({t % 10 * 1.0, t % 2 * 1.0});
    if (t == 99) {
      EXPECT_EQ(said, std::vector(copies.size(), own));
    }
  }
}

TEST_F(LibraryTest, SaysWhatIsWrongAndHasNotMoved) {
  Model model = regressing();
  model.step({1, 0});
  const std::vector<double> state = model.state();
  EXPECT_EQ(refusal([&] { model.step(1); }), "a step of this model has 2 values, and 1 is given");
  EXPECT_EQ(refusal([&] {
              model.step({1, 7});
            }),
            "7 is no symbol of 'where': it has those from 0 to " +
                std::to_string(model.inputs()[1].symbols.size() - 1));
  EXPECT_NE(refusal([&] { model.step({INFINITY, 0}); }).find("no value of 'x'"), std::string::npos);
  EXPECT_NE(refusal([&] {
              model.restore({1, 2});
            }).find("a state of 2 numbers"),
            std::string::npos);
  EXPECT_NE(refusal([&] { model.encode("in", 0); }).find("read as numbers"), std::string::npos);
  EXPECT_NE(refusal([&] { model.encode("in", 2); }).find("no input 2"), std::string::npos);
  EXPECT_NE(refusal([&] { Model(path("nowhere")); }).find("nowhere"), std::string::npos);
  EXPECT_EQ(model.state(), state);
}

TEST_F(LibraryTest, RefusesModelsThatNeedWholeSequences) {
  const auto with = [](const std::string& target) {
    return std::vector<std::string>{"--group", "id", "--source", "where:class", "--target", target};
  };
  EXPECT_EQ(refusal([&] {
              trained("classify", with("kind:class"), {"--pool", "mean"});
            }),
            path("classify/checkpoint-000000000004.h5") +
                " does not answer step by step: --pool mean is made of all steps of a sequence; "
                "`rondo predict` has its answers");
  EXPECT_NE(
      refusal([&] { trained("label", with("tag:class"), {"--bidirectional"}); }).find("reversed"),
      std::string::npos);
  EXPECT_NE(refusal([&] {
              trained("forecast", {"--target", "y"}, {"--state", "fresh"});
            }).find("--look-back"),
            std::string::npos);
}

}  // namespace
}  // namespace rondo
