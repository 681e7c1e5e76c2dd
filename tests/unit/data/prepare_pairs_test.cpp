// Targets that have steps of their own: from a table to the second axis of a window.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "input_error.hpp"
#include "rondo/data/packed_windows.hpp"
#include "table_fixture.hpp"

namespace rondo {
namespace {

class PreparePairs : public test::PrepareTable {
 protected:
  TableOptions pairs(std::string_view table) {
    TableOptions made = options(table);
    made.task = "transduce";
    made.says = TableTargets::sequences;
    return made;
  }
};

TEST_F(PreparePairs, what_is_said_has_steps_of_its_own_and_an_end) {
  TableOptions table = pairs("text,kind\nox,O K S\na,AH\n");
  const TableSummary summary = prepare_table(table);
  const auto train = open("train");
  EXPECT_EQ(columns_[0].kind, ColumnKind::character);
  EXPECT_EQ(columns_[1].kind, ColumnKind::word);
  EXPECT_EQ(columns_[1].scope, ColumnScope::own);
  EXPECT_EQ(columns_[1].vocabulary->unknown(), 0);
  EXPECT_EQ(columns_[1].vocabulary->end(), 1);
  EXPECT_EQ(columns_[0].vocabulary->end(), -1);
  EXPECT_EQ(symbols(*train, 0, 3), "oxa");
  EXPECT_EQ(symbols(*train, 1, 6), "O K S <eos> AH <eos>");
  EXPECT_TRUE(std::ranges::equal(train->lengths(), std::array{2, 1}));
  EXPECT_TRUE(std::ranges::equal(train->second_lengths(), std::array{4, 2}));
  EXPECT_TRUE(std::ranges::equal(train->second_starts(), std::array{0, 4, 6}));
  EXPECT_EQ(columns_[1].counts, (std::vector<std::int64_t>{0, 2, 1, 1, 1, 1}));
  EXPECT_EQ(summary.target_lengths, (std::vector<std::int32_t>{1, 3}));
  EXPECT_EQ(summary.splits[0].target_steps, 6);
}

TEST_F(PreparePairs, symbols_that_training_lacks_are_unknown_on_both_sides) {
  TableOptions table = pairs("text,kind,part\na b,x y,train\na c,x z,test\na b,y,test\n");
  table.split_by = "part";
  table.sources = {"text:word"};
  const TableSummary summary = prepare_table(table);
  const auto test = open("test");
  EXPECT_EQ(symbols(*test, 0, 4), "a <unk> a b");
  EXPECT_EQ(columns_[1].kind, ColumnKind::word);
  EXPECT_EQ(summary.splits[1].unknown, (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(symbols(*test, 1, 5), "x <unk> <eos> y <eos>");
  EXPECT_EQ(summary.splits[1].also_in_train, 1);
}

TEST_F(PreparePairs, one_vocabulary_serves_both_sides) {
  TableOptions table = pairs("text,kind\na b a,c a\nb,b\n");
  table.sources = {"text:word"};
  table.targets = {"kind:word"};
  table.shared_vocabulary = true;
  prepare_table(table);
  const auto train = open("train");
  EXPECT_TRUE(same_vocabulary(*columns_[0].vocabulary, *columns_[1].vocabulary));
  EXPECT_EQ(symbols(*train, 1, 5), "c a <eos> b <eos>");
  EXPECT_EQ(columns_[0].counts, (std::vector<std::int64_t>{0, 0, 2, 2, 0}));
  EXPECT_EQ(columns_[1].counts, (std::vector<std::int64_t>{0, 2, 1, 1, 1}));
  std::filesystem::remove(folder_ / "t.rondo");
  table.sources = {"text:char"};
  EXPECT_EQ(refusal(table),
            "--shared-vocabulary needs a source and a target of one kind: 'text' is char, and "
            "'kind' is word; say text:word");
}

TEST_F(PreparePairs, subwords_are_steps_and_come_back_as_text) {
  std::string rows = "text,kind\n";
  for (int i = 0; i < 40; ++i) rows += "the  cat sat,el gato se sienta\na cat,un gato\n";
  TableOptions table = pairs(rows);
  table.sources = {"text:subword"};
  table.targets = {"kind:subword"};
  table.vocabulary_size = 290;
  prepare_table(table);
  const auto train = open("train");
  EXPECT_EQ(columns_[1].kind, ColumnKind::subword);
  EXPECT_EQ(columns_[1].vocabulary->end(), 1);
  EXPECT_EQ(columns_[0].vocabulary->end(), -1);
  const auto read = static_cast<std::size_t>(train->lengths()[0]);
  const auto said = static_cast<std::size_t>(train->second_lengths()[0]);
  EXPECT_EQ(symbols(*train, 0, read), " the cat sat");
  EXPECT_EQ(symbols(*train, 1, said), " el gato se sienta");  // the end is no text
  std::vector<std::int32_t> all(said);
  train->read(1, 0, all);
  EXPECT_EQ(all.back(), 1);
  EXPECT_EQ(columns_[1].counts[1], 80);
  EXPECT_EQ(std::accumulate(columns_[0].counts.begin(), columns_[0].counts.end(), std::int64_t{0}),
            train->starts().back());
  // What no piece stands for is spelled, and known columns cut new text alike.
  TableOptions again = pairs("text,kind\nthe dög,un gató\n");
  again.targets.clear();
  again.output = folder_ / "again.rondo";
  again.columns = columns_;
  again.columns_from = "t.rondo";
  prepare_table(again);
  const auto file = std::make_shared<DatasetReader>(folder_ / "again.rondo");
  const auto other = open_sequences(file, columns_, "train");
  EXPECT_EQ(symbols(*other, 0, static_cast<std::size_t>(other->lengths()[0])), " the dög");
  EXPECT_EQ(symbols(*other, 1, static_cast<std::size_t>(other->second_lengths()[0])), " un gató");
}

TEST_F(PreparePairs, what_is_empty_or_no_pair_is_refused_with_its_place) {
  const std::string advice =
      ": the value is missing: fill it in or leave the row out, or prepare what the network learns "
      "from with --missing mask";
  TableOptions table = pairs("text,kind\nab,x\n,y\n");
  EXPECT_EQ(refusal(table), "t.csv, line 3, column 'text'" + advice);
  table = pairs("text,kind\nab,x\nb,  \n");
  table.targets = {"kind:word"};
  EXPECT_EQ(refusal(table), "t.csv, line 3, column 'kind'" + advice);
  table = pairs("text,kind\nab,x\nb,x <eos> y\n");
  table.targets = {"kind:word"};
  EXPECT_EQ(refusal(table),
            "t.csv, line 3, column 'kind': <eos> is the symbol that ends what is said: leave it "
            "out, or call it otherwise");
  table.targets = {"kind:class"};
  EXPECT_EQ(refusal(table),
            "--target kind: --task transduce says char, word or subword, not class");
  table.group = "text";
  EXPECT_EQ(refusal(table),
            "--group text: of --task transduce a row is a sequence and what is said of it, not a "
            "step; --split-by text keeps rows of one value in one split");
}

TEST_F(PreparePairs, lines_are_paired_with_lines) {
  TableOptions table = pairs("");
  table.targets.clear();
  table.inputs = {folder_.write("a.txt", "one two\nthree\nfour\n")};
  table.target_inputs = {folder_.write("b.txt", "uno dos\ntres\n")};
  EXPECT_EQ(refusal(table).substr(0, 28), "b.txt ends before a.txt, lin");
  table.target_inputs = {folder_.write("b.txt", "uno dos\ntres\n\n")};
  EXPECT_EQ(refusal(table).substr(0, 14), "b.txt, line 3:");
  table.mask_missing = true;
  prepare_table(table);
  const auto train = open("train");
  std::vector<std::int32_t> said(static_cast<std::size_t>(train->second_starts()[3]));
  train->read(1, 0, said);
  EXPECT_EQ(train->second_lengths()[2], 1);
  EXPECT_EQ(said.back(), -1);  // not given
}

Columns pair_columns() {
  Columns columns(2);
  std::vector<std::string> names{"<unk>", "<eos>"};
  for (int i = 2; i < 60; ++i) names.push_back("s" + std::to_string(i));
  for (Column& column : columns) {
    column.kind = ColumnKind::word;
    column.vocabulary = std::make_shared<SymbolVocabulary>(column.kind, names);
  }
  columns[1].role = ColumnRole::target;
  columns[1].scope = ColumnScope::own;
  return columns;
}

std::int32_t said(std::int64_t sequence, int step) {
  return static_cast<std::int32_t>(2 + (sequence * 7 + step * 3) % 58);
}
int steps_said(std::int64_t sequence) { return static_cast<int>(1 + sequence * 5 % 13); }

std::unique_ptr<MemorySequences> made_pairs(const Columns& columns, int count) {
  auto made = std::make_unique<MemorySequences>(columns);
  for (int i = 0; i < count; ++i) {
    const int length = 1 + i * 3 % 11;
    made->add(length);
    std::vector<std::int32_t> read(static_cast<std::size_t>(length), 2 + i % 58), own;
    made->put(0, read);
    for (int step = 0; step < steps_said(i); ++step) own.push_back(said(i, step));
    own.push_back(1);
    if (i % 10 == 9) own = {-1};  // not given
    made->put(1, own);
    made->put_own_steps(static_cast<std::int32_t>(own.size()));
  }
  return made;
}

TEST(PairWindows, HaveASpanOfEachSideForEachPair) {
  const Columns columns = pair_columns();
  EXPECT_EQ(token_column(columns, 1), 0);  // on its own axis
  const PackedWindows source(made_pairs(columns, 300), columns);
  for (const std::int64_t target_window : {0, 40}) {
    std::map<std::int64_t, int> seen;
    for (const auto& [first_lane, last_lane] : {std::pair{0, 2}, {2, 6}}) {  // two ranks
      LaneLayout layout;
      layout.lanes = 6;
      layout.first_lane = first_lane;
      layout.last_lane = last_lane;
      layout.window = 24;
      layout.target_window = target_window;
      const auto reader = source.reader(layout);
      Window window;
      for (std::int64_t index = 0; index < source.windows_of(1, layout); ++index) {
        reader->read(index, window);
        ASSERT_EQ(window.axes.size(), 2U);
        const WindowAxis& read = window.axes[0];
        const WindowAxis& own = window.axes[1];
        if (target_window > 0) {
          ASSERT_EQ(own.times, target_window);
        }
        ASSERT_EQ(own.tokens.size(), 2U);
        ASSERT_EQ(read.spans.size(), own.spans.size());
        ASSERT_EQ(read.begins, own.begins);
        std::size_t covered = 0;
        for (std::size_t i = 0; i < own.spans.size(); ++i) {
          const Span& span = own.spans[i];
          ASSERT_EQ(span.sequence, read.spans[i].sequence);
          ASSERT_EQ(span.lane, read.spans[i].lane);
          ASSERT_EQ(++seen[span.sequence], 1);
          const bool is_given = span.sequence % 10 != 9;
          ASSERT_EQ(span.length, is_given ? steps_said(span.sequence) + 1 : 1);
          std::int32_t before = 1;
          for (int step = 0; step < span.length; ++step, ++covered) {
            const auto at =
                static_cast<std::size_t>((span.first + step) * window.lanes + span.lane);
            const std::int32_t now = !is_given                 ? -1
                                     : step + 1 == span.length ? 1
                                                               : said(span.sequence, step);
            ASSERT_EQ(own.tokens[0][at], before);
            ASSERT_EQ(own.tokens[1][at], now);
            ASSERT_EQ(own.resets[at], step == 0);
            ASSERT_EQ(own.owners[at].sequence, span.sequence);
            ASSERT_EQ(own.owners[at].step, step);
            before = now;
          }
        }
        ASSERT_EQ(std::ranges::count_if(own.owners, [](const Owner& o) { return o.sequence < 0; }),
                  static_cast<std::ptrdiff_t>(own.owners.size() - covered));
        for (std::size_t i = 0; i < own.owners.size(); ++i) {
          if (own.owners[i].sequence >= 0) continue;
          ASSERT_EQ(own.tokens[0][i], 0);
          ASSERT_EQ(own.tokens[1][i], -1);
          ASSERT_EQ(own.resets[i], 1);
        }
      }
    }
    EXPECT_EQ(seen.size(), 300U);
  }
}

TEST(PairWindows, AreOfWholeSequences) {
  const Columns columns = pair_columns();
  const PackedWindows source(made_pairs(columns, 30), columns);
  LaneLayout layout;
  layout.lanes = layout.last_lane = 2;
  layout.window = 16;
  layout.carried = true;
  EXPECT_EQ(test::error_of([&] { source.reader(layout); }),
            "what is said of whole sequences lies in windows of these: give --state fresh");
}

}  // namespace
}  // namespace rondo
