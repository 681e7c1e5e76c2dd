#include "rondo/core/shell_quote.hpp"

#include <gtest/gtest.h>

namespace rondo {
namespace {

TEST(ShellQuoted, LeavesPlainWordsAsTheyAre) {
  EXPECT_EQ(shell_quoted("runs/book-1.h5"), "runs/book-1.h5");
  EXPECT_EQ(shell_quoted("a=b,c:d@e%f+g_H"), "a=b,c:d@e%f+g_H");
}

TEST(ShellQuoted, QuotesWhatAShellWouldCutOrExpand) {
  EXPECT_EQ(shell_quoted("my runs/a"), "'my runs/a'");
  EXPECT_EQ(shell_quoted("$HOME"), "'$HOME'");
  EXPECT_EQ(shell_quoted("a;b"), "'a;b'");
  EXPECT_EQ(shell_quoted("~/a"), "'~/a'");
  EXPECT_EQ(shell_quoted("d\xC3\xA9j\xC3\xA0"), "'d\xC3\xA9j\xC3\xA0'");
  EXPECT_EQ(shell_quoted("two\nlines"), "'two\nlines'");
  EXPECT_EQ(shell_quoted(""), "''");
}

TEST(ShellQuoted, AQuoteStandsOutsideOfQuotes) { EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'"); }

}  // namespace
}  // namespace rondo
