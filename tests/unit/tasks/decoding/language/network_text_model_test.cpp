// A language model's logarithms of texts in lanes that come and go are those that the network gives
// text by text.
#include "tasks/decoding/language/network_text_model.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "data/vocabularies/character_vocabulary.hpp"
#include "input_error.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/model/network.hpp"
#include "spelt_column.hpp"
#include "tasks/decoding/opinions.hpp"

namespace rondo {
namespace {

using Symbols = std::vector<std::int32_t>;
using tasks::NetworkTextModel;
using tasks::TokensOfTexts;

constexpr std::size_t symbols = 4;  // of the texts: <unk>, <eos>, a, b

class NetworkTextModelTest : public testing::Test {
 protected:
  NetworkTextModelTest() : pool_(2, kernels::set_float_mode) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    shape_.cell = "lstm";
    shape_.layers = 2;
    shape_.hidden = 70;
    shape_.embedding = 5;
    shape_.vocabulary = 3;
    layout_ = shape_.plan().layout();
    parameters_.resize(layout_.size());
    initialize<float>(shape_, layout_, {.seed = 4}, parameters_);
    tokens_ = {2, 2, {-1, -1, 1, 0}};
  }

  // Logarithms of all tokens behind a text, from a window that has it as a whole.
  std::vector<double> behind(const Symbols& text) {
    std::vector<std::int32_t> read{tokens_.start};
    for (const std::int32_t symbol : text) {
      read.push_back(tokens_.symbols[static_cast<std::size_t>(symbol)]);
    }
    const auto times = static_cast<int>(read.size());
    std::vector<std::uint8_t> resets(read.size(), 0);
    resets.front() = 1;
    const Window window =
        make_window(times, 1, resets, {read, std::vector<std::int32_t>(read.size(), -1)});
    Network<float> network(shape_, layout_, parameters_.data(), PassShape{1, times, false});
    network.pack(pool_);
    network.forward(WindowView(window, 0), pool_);
    std::vector<float> logits(3);
    network.outputs(times - 1, 0, logits);
    std::vector<double> known(logits.begin(), logits.end()), room;
    tasks::log_softmax(known, known, room);
    return known;
  }

  ModelShape shape_;
  ParameterLayout layout_;
  Buffer<float> parameters_;
  TokensOfTexts tokens_;
  ThreadPool pool_;
};

TEST_F(NetworkTextModelTest, LanesThatComeAndGoHaveTheBitsOfTheirTexts) {
  NetworkTextModel<float> model(shape_, layout_, parameters_, tokens_, pool_);
  std::vector<Symbols> lanes;
  const auto check = [&](std::size_t fresh) {
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      const std::vector<double> known = behind(lanes[lane]);
      EXPECT_EQ(model.end(static_cast<int>(lane)), known[2]) << lane;
      if (lane >= fresh) continue;
      std::vector<double> next(symbols);
      model.next(static_cast<int>(lane), next);
      EXPECT_EQ(next,
                (std::vector<double>{tasks::impossible, tasks::impossible, known[1], known[0]}))
          << lane;
    }
  };
  const auto go_on = [&](const std::vector<std::int32_t>& from, const Symbols& said) {
    std::vector<Symbols> next;
    for (const std::int32_t lane : from) next.push_back(lanes[static_cast<std::size_t>(lane)]);
    for (std::size_t i = 0; i < said.size(); ++i) next[i].push_back(said[i]);
    lanes = std::move(next);
    model.go_on(from, said);
    check(said.size());
  };
  model.begin(2, 7);
  lanes.assign(2, {});
  check(2);
  go_on({0, 0, 1, 1}, {2, 3});
  go_on({1, 1, 0, 0, 3, 2, 1}, {2, 3, 2});
  go_on({6, 0, 4}, {3});
  go_on({2, 1, 0, 0, 1}, {3, 3, 2, 2, 2});
  go_on({4, 3}, {});
  model.begin(3, 5);  // anew
  lanes.assign(3, {});
  check(3);
}

TEST_F(NetworkTextModelTest, SymbolsAreToldByTheirNames) {
  const CharacterVocabulary vocabulary({'b', '\n', 'a'});
  const TokensOfTexts tokens =
      tasks::tokens_of_texts(test::spelt_column({"a", "b"}), vocabulary, 1, "lm");
  EXPECT_EQ(tokens.start, 1);
  EXPECT_EQ(tokens.end, 1);
  EXPECT_EQ(tokens.symbols, (Symbols{-1, -1, 2, 0}));
  // Who spells the ends of lines is not ended by one.
  EXPECT_EQ(tasks::tokens_of_texts(test::spelt_column({"a", "\n"}), vocabulary, 1, "lm").end, -1);
  const CharacterVocabulary without({'b', 'a'});
  EXPECT_EQ(tasks::tokens_of_texts(test::spelt_column({"a"}), without, 1, "lm").end, -1);
  EXPECT_EQ(test::error_of([&] {
              tasks::tokens_of_texts(test::spelt_column({"a", "c"}), vocabulary, 1, "lm");
            }),
            "lm is a language model that does not know \"c\", which is among what is spelt: one "
            "trained on a text that has it would");
  EXPECT_EQ(test::error_of([&] {
              tasks::tokens_of_texts(test::spelt_column({"a"}, ColumnKind::word), vocabulary, 1,
                                     "lm");
            }),
            "lm is a language model of characters, and texts are spelt by symbols of the kind "
            "'word'");
}

}  // namespace
}  // namespace rondo
