// What a network takes of another one: by name, by shape, by symbols.
#include "train/saved/taken_parameters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "digest_sequences.hpp"
#include "input_error.hpp"
#include "pair_data.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/trainer.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

// A run on pairs of letters and phones, saved after a few steps.
class TakenParametersTest : public testing::Test {
 protected:
  TakenParametersTest() : world_(make_single()), pool_(1, kernels::set_float_mode) {
    kernels::select_target("auto");
    kernels::set_float_mode();
    config_ = test::sequence_config("pairs-feeding");
    config_.hidden = 12;
    config_.validation_texts = 0;
    data_ = std::make_unique<Dataset>(test::pair_data(folder_.path()));
    Trainer<float> trainer(config_, *data_, *world_, pool_, nullptr);
    for (int step = 0; step < 4; ++step) trainer.step();
    state_ = trainer.save();
    before_ = std::make_unique<SavedModel<float>>(state_, "before");
  }

  // The same columns, whose symbols are these.
  static Columns with_symbols(Columns columns, std::size_t column, std::vector<std::string> names) {
    columns[column].vocabulary =
        std::make_shared<SymbolVocabulary>(columns[column].kind, std::move(names));
    columns[column].counts.assign(static_cast<std::size_t>(columns[column].vocabulary->size()), 1);
    return columns;
  }
  struct Network {
    NetworkPlan plan;
    ParameterLayout layout;
    TakenParameters taken;
    Buffer<float> parameters;
  };
  Network take(const Columns& columns, const std::function<void(Config&)>& change = {}) const {
    Config config = config_;
    if (change) change(config);
    config.seed = 77;
    Network made{before_->task.model(config, columns), {}, {}, {}};
    made.layout = made.plan.layout();
    made.parameters.resize(made.layout.size());
    initialize<float>(made.plan, made.layout, {.seed = 77}, made.parameters);
    NamedState drawn;
    made.layout.save<float>(made.parameters, "parameters/", drawn);
    made.taken = take_parameters(*before_, made.plan, columns, std::move(drawn));
    made.layout.load<float>(made.taken.parameters, "parameters/", made.parameters);
    return made;
  }
  // What a network says at the steps of the train split's first window, whose symbols are
  // `symbols`.
  template <class Use>
  void each_output(const NetworkPlan& plan, const ParameterLayout& layout, const float* parameters,
                   const Use& use) {
    const auto split = data_->split("train");
    LaneLayout lanes = LaneLayout::of({4, 4, 1}, 0, 13);
    lanes.shuffle = false;
    const LongestWindow longest = split->longest_windows(lanes);
    PassShape pass{4, static_cast<int>(longest.first), false};
    pass.second_times = static_cast<int>(longest.second);
    rondo::Network<float> network(plan, layout, parameters, pass);
    network.pack(pool_);
    Batcher batcher(split->reader(lanes), 0);
    const Window& window = batcher.next();
    network.forward(WindowView(window, 0), pool_);
    for (const Span& span : window.axes[1].spans) {
      for (int t = span.first; t <= span.last(); ++t) {
        std::vector<float> said(static_cast<std::size_t>(network.outputs()));
        network.outputs(t, span.lane, said);
        use(said);
      }
    }
  }

  TemporaryFolder folder_;
  std::unique_ptr<Communicator> world_;
  ThreadPool pool_;
  Config config_;
  std::unique_ptr<Dataset> data_;
  NamedState state_;
  std::unique_ptr<SavedModel<float>> before_;
};

std::vector<std::string> grown_phones() {
  return {"<unk>", std::string(SymbolVocabulary::end_name), "A", "B", "K", "D", "E", "S", "Z", "Q"};
}

TEST_F(TakenParametersTest, AreAllOfTheSameNetwork) {
  const Network made = take(before_->columns);
  EXPECT_EQ(to_text(made.taken), fmt::format("all {} parameters", made.layout.segments().size()));
  EXPECT_TRUE(std::ranges::equal(made.parameters, before_->parameters));
}

TEST_F(TakenParametersTest, OutputsForOldSymbolsKeepTheirBitsWhereAVocabularyGrows) {
  Columns columns = with_symbols(before_->columns, 1, grown_phones());
  columns = with_symbols(std::move(columns), 0, {"<unk>", "a", "b", "c", "d", "e", "x", "y"});
  const Network made = take(columns);
  EXPECT_EQ(made.taken.rows,
            (std::vector<std::string>{
                "embedding.weight (7 of 8 symbols)", "embedding_1.weight (8 of 10 symbols)",
                "output.weight (8 of 10 symbols)", "output.bias (8 of 10 symbols)"}));
  EXPECT_TRUE(made.taken.anew.empty());
  std::vector<std::vector<float>> expected;
  each_output(before_->plan, before_->layout, before_->parameters.data(),
              [&](const std::vector<float>& said) { expected.push_back(said); });
  std::size_t at = 0;
  each_output(made.plan, made.layout, made.parameters.data(), [&](std::vector<float> said) {
    ASSERT_EQ(said.size(), 10U);
    said.resize(8);
    EXPECT_EQ(said, expected.at(at++));
  });
  EXPECT_EQ(at, expected.size());
  EXPECT_GT(at, 20U);
}

TEST_F(TakenParametersTest, GoByTheNamesOfSymbolsWhereverTheyStand) {
  const Columns columns = with_symbols(
      before_->columns, 1,
      {"<unk>", std::string(SymbolVocabulary::end_name), "S", "new", "E", "D", "K", "B", "A"});
  const Network made = take(columns);
  const std::uint64_t old_shape[] = {8, static_cast<std::uint64_t>(config_.embedding)};
  const std::uint64_t shape[] = {9, static_cast<std::uint64_t>(config_.embedding)};
  const auto old = state_.get<float>("parameters/embedding_1.weight", old_shape);
  const auto rows = made.taken.parameters.get<float>("parameters/embedding_1.weight", shape);
  const auto width = static_cast<std::size_t>(config_.embedding);
  EXPECT_TRUE(std::ranges::equal(rows.subspan(2 * width, width), old.subspan(7 * width, width)));
  EXPECT_TRUE(std::ranges::equal(rows.subspan(8 * width, width), old.subspan(2 * width, width)));
}

TEST_F(TakenParametersTest, OfAnotherShapeBeginAnew) {
  const Network made =
      take(before_->columns, [](Config& config) { config.attention = "additive"; });
  EXPECT_EQ(made.taken.anew,
            (std::vector<std::string>{"attention.key.bias", "attention.query.weight",
                                      "attention.score"}));
  const Network wider = take(before_->columns, [](Config& config) { config.hidden = 13; });
  EXPECT_EQ(wider.taken.whole,
            (std::vector<std::string>{"embedding.weight", "embedding_1.weight", "output.bias"}));
  EXPECT_NE(to_text(wider.taken).find("output.weight (8 x 13, not 8 x 12)"), std::string::npos);
}

TEST_F(TakenParametersTest, AreRefusedWhereNothingFits) {
  const auto different = [](Config& config) {
    config.hidden = 13;
    config.embedding = 5;
  };
  Columns columns = with_symbols(before_->columns, 0, {"other", "names"});
  columns = with_symbols(std::move(columns), 1, {"<eos>", "x"});
  const std::string sentence = test::error_of([&] { take(columns, different); });
  EXPECT_EQ(sentence, "");  // the end is a symbol of both
  columns = with_symbols(std::move(columns), 1, {"y", "x"});
  EXPECT_THROW(take(columns, different), InputError);
}

}  // namespace
}  // namespace rondo
