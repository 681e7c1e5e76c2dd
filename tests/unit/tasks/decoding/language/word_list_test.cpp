#include "tasks/decoding/language/word_list.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "input_error.hpp"
#include "spelt_column.hpp"

namespace rondo {
namespace {

using tasks::WordList;
using test::error_of;

const std::vector<std::string> symbols = {"d", "o", "n", "t", "'", " ", "-", "\u00fc", "\u201c"};

// How a text stands to a list: allowed as a whole, as a beginning, or not at all.
enum class Verdict : std::uint8_t { whole, beginning, none };

Verdict verdict(tasks::TextModel& list, const Column& said, const std::string& text) {
  list.begin(1, 1);
  const std::int32_t lane = 0;
  std::vector<double> next(static_cast<std::size_t>(said.vocabulary->size()));
  for (const std::int32_t symbol : said.vocabulary->encode(text)) {
    list.next(0, next);
    EXPECT_EQ(next[0], tasks::impossible);  // <unk>
    if (next[static_cast<std::size_t>(symbol)] == tasks::impossible) return Verdict::none;
    EXPECT_EQ(next[static_cast<std::size_t>(symbol)], 0);
    list.go_on({&lane, 1}, {&symbol, 1});
  }
  return list.end(0) == 0 ? Verdict::whole : Verdict::beginning;
}

TEST(WordList, AllowsItsWordsAndWhatLiesBetween) {
  const Column said = test::spelt_column(symbols);
  WordList list("do\n\n  not \r\ndon't\nt\u00fcn", said, "x");
  EXPECT_EQ(list.left_out(), 0);
  for (const char* text : {"", "do", "not", "don't", "t\u00fcn", "do not", "do-do", "  do",
                           "do -- ", "\u201cdo\u201c", "'do'", "do'not", "don't't\u00fcn"}) {
    EXPECT_EQ(verdict(list, said, text), Verdict::whole) << text;
  }
  for (const char* text : {"d", "don", "don'", "do no", "t\u00fc"}) {
    EXPECT_EQ(verdict(list, said, text), Verdict::beginning) << text;
  }
  for (const char* text : {"o", "dot", "don ", "don-", "doo", "\u00fc", "nott"}) {
    EXPECT_EQ(verdict(list, said, text), Verdict::none) << text;
  }
}

TEST(WordList, LeavesOutWhatCannotBeSpelt) {
  const Column said = test::spelt_column(symbols);
  WordList list("cat\ndo\ndog\n", said, "x");
  EXPECT_EQ(list.left_out(), 2);
  EXPECT_EQ(verdict(list, said, "do"), Verdict::whole);
}

TEST(WordList, RefusesWhatIsNone) {
  const Column said = test::spelt_column(symbols);
  EXPECT_EQ(error_of([&] { WordList("do\ndo not\n", said, "x.txt"); }),
            "x.txt, line 2: a word a line is asked for, and here are two");
  EXPECT_EQ(error_of([&] { WordList("do\n\xff\n", said, "x.txt"); }),
            "x.txt, line 2: the word is not valid UTF-8");
  for (const char* text : {"", "\n \n", "cat\n"}) {
    EXPECT_EQ(error_of([&] { WordList(text, said, "x.txt"); }),
              "x.txt has no word whose letters are all among those that are spelt");
  }
  EXPECT_EQ(
      error_of([&] { WordList("do\n", test::spelt_column(symbols, ColumnKind::word), "x.txt"); }),
      "x.txt is a list of words, and texts are spelt by symbols of the kind 'word', not char");
}

}  // namespace
}  // namespace rondo
