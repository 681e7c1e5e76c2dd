#include "tasks/decoding/retrieval.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "made_up_scorer.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo {
namespace {

constexpr std::int32_t end = 0;

TEST(Retrieval, ScoresTextsAsASearchDoesInAnyCompany) {
  kernels::select_target("auto");
  DecodeOptions options;
  options.beam = options.n_best = 12;
  options.length_penalty = 0.7;
  options.end = end;
  MadeUpScorer model(5, 3, 0, {4, 9});
  StepScorer* voter = &model;
  ThreadPool pool(3);
  const auto found =
      decode({&voter, 1}, std::vector<DecodeSource>{{0, 0, 5}, {1, 0, 5}}, options, pool);
  std::vector<tasks::Reading> readings;
  std::vector<double> expected;
  for (std::int32_t source = 0; source < 2; ++source) {
    for (const Hypothesis& text : found[static_cast<std::size_t>(source)]) {
      readings.push_back({source, text.symbols});
      // A text of the longest ends by force there; the search's probability is the model's.
      expected.push_back(text.score);
    }
  }
  for (const int lanes : {1, 3, 64}) {
    EXPECT_EQ(tasks::score_texts({&voter, 1}, readings, lanes, options, pool), expected) << lanes;
  }
}

// Says the symbol that it has read, twice; of other symbols it thinks little.
class Repeater final : public tasks::SourceScorer {
 public:
  explicit Repeater(double sure) : sure_(sure) {}
  void read(const Window& window) override { window_ = &window; }
  void choose(std::span<const Span> sources) override {
    spans_.assign(sources.begin(), sources.end());
  }
  int symbols() const override { return 9; }
  void begin(std::span<const std::int32_t> sources) override {
    said_ = 0;
    read_.clear();
    for (const std::int32_t source : sources) {
      const Span& span = spans_[static_cast<std::size_t>(source)];
      const auto at = static_cast<std::size_t>(span.first * window_->lanes + span.lane);
      read_.push_back(window_->axes[0].tokens[0][at]);
    }
  }
  void reorder(std::span<const std::int32_t>) override {}
  void step(std::span<const std::int32_t>) override { ++said_; }
  void logits(int lane, std::span<double> to) const override {
    std::ranges::fill(to, 0);
    to[static_cast<std::size_t>(said_ > 2 ? end : read_[static_cast<std::size_t>(lane)])] = sure_;
  }

 private:
  double sure_;
  const Window* window_ = nullptr;
  std::vector<Span> spans_;
  std::vector<std::int32_t> read_;
  int said_ = 0;
};

class JudgeRetrieval : public testing::Test {
 protected:
  JudgeRetrieval() : columns_(2) {
    kernels::select_target("auto");
    std::vector<std::string> names{"<eos>", "<unk>"};
    for (int i = 2; i < 9; ++i) names.push_back("s" + std::to_string(i));
    for (Column& column : columns_) {
      column.kind = ColumnKind::word;
      column.vocabulary = std::make_shared<SymbolVocabulary>(ColumnKind::word, names);
    }
    // SymbolVocabulary finds its end by name.
    columns_[1].role = ColumnRole::target;
    columns_[1].scope = ColumnScope::own;
    auto made = std::make_unique<MemorySequences>(columns_);
    for (std::int32_t i = 0; i < 40; ++i) {
      const std::int32_t symbol = 2 + i % 7, length = 1 + i % 3;
      made->add(length);
      made->put(0, std::vector<std::int32_t>(static_cast<std::size_t>(length), symbol));
      // Every tenth says another one; every ninth nothing.
      const std::int32_t said = i % 10 == 3 ? 2 + (i + 1) % 7 : symbol;
      std::vector<std::int32_t> own{said, said, end};
      if (i % 9 == 5) own = {-1};
      made->put(1, own);
      made->put_own_steps(static_cast<std::int32_t>(own.size()));
    }
    split_ = std::make_unique<PackedWindows>(std::move(made), columns_);
    options_.end = end;
  }
  std::vector<double> judged(Communicator& world, double sure, std::int64_t among) const {
    ThreadPool pool(2);
    const tasks::MakeScorer voter = [&](int, int) { return std::make_unique<Repeater>(sure); };
    Evaluation evaluation;
    tasks::judge_retrieval({&voter, 1}, *split_, columns_, among, options_, world, pool,
                           evaluation);
    EXPECT_EQ(evaluation.figures.front().name, "recall_at_1");
    EXPECT_EQ(evaluation.figures.at(2).name, "source_recall_at_1");
    std::vector<double> values;
    for (const auto& figure : evaluation.figures) values.push_back(figure.value);
    return values;
  }

  Columns columns_;
  std::unique_ptr<PackedWindows> split_;
  DecodeOptions options_;
};

TEST_F(JudgeRetrieval, IsTheShareOfOwnTextsThatAreLikeliest) {
  // Of 40, four are not given (5, 14, 23, 32), of which 23 is one of 3, 13, 23, 33.
  const std::vector<double> alone = judged(*make_single(), 5, 7);
  EXPECT_DOUBLE_EQ(alone[0], 33.0 / 36);
  EXPECT_LT(alone[1], 1);  // those three are the last, or among equals
  // The first sequence that says "s6" is 3, which reads "s5": it stands beside the five whose text
  // and source are "s5", as likely as their own.
  EXPECT_DOUBLE_EQ(alone[2], (33.0 - 5) / 36);
  EXPECT_DOUBLE_EQ(alone[3], 33.0 / 36);
  // Who knows nothing finds all equal, and no own text before others.
  EXPECT_EQ(judged(*make_single(), 0, 7), (std::vector<double>{0, 0, 0, 0}));
  for (const int ranks : {2, 3}) {
    run_in_process(ranks, [&](Communicator& world) { EXPECT_EQ(judged(world, 5, 7), alone); });
  }
}

TEST_F(JudgeRetrieval, NeedsAsManyDifferentTexts) {
  EXPECT_NO_THROW(tasks::check_retrieval(*split_, columns_, 7));
  EXPECT_THROW(tasks::check_retrieval(*split_, columns_, 8), InputError);
}

}  // namespace
}  // namespace rondo
