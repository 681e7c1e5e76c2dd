// Times of series: how they are read, how far apart they are, what comes next.
#include "data/series/moments.hpp"

#include <gtest/gtest.h>

namespace rondo {
namespace {

std::vector<Moment> moments(const std::vector<std::string>& texts) {
  std::vector<Moment> all;
  for (const std::string& text : texts) all.push_back(*moment_in(text));
  return all;
}
// What comes `rows` rows behind the last.
std::string next(const std::vector<std::string>& texts, std::int64_t rows = 1) {
  const std::vector<Moment> all = moments(texts);
  return moment_text(Rhythm::of(all).after(all.back(), rows));
}

TEST(Moments, AreWrittenAsTheyWereRead) {
  for (const char* text : {"1749", "0.25", "-3", "2026-11", "2026-11-28", "2026/01/02",
                           "2026-11-28 13:05", "2026-11-28T00:00:59", "2026-11-28T13:05:59.250Z",
                           "1600-02-29", "1969-12-31 23:59", "0001-03-01"}) {
    const auto moment = moment_in(text);
    ASSERT_TRUE(moment) << text;
    EXPECT_EQ(moment_text(*moment), text);
  }
  EXPECT_EQ(moment_in("1970-01-02 00:00:01")->value, 86'401);
  EXPECT_EQ(moment_in("1969-12-31")->value, -86'400);
}

TEST(Moments, OtherTextsAreNone) {
  for (const char* text :
       {"", "yesterday", "2026-13-01", "2026-02-29", "2026-1-", "28.11.2026", "2026-11-28 24:00",
        "2026-11-28 13", "2026-11-28 13:5", "2026-11/28", "2026-11-28 13:05+01:00", "26-11-28"}) {
    EXPECT_FALSE(moment_in(text)) << text;
  }
}

TEST(Moments, MayBeDigitsAlone) {
  for (const char* text : {"20240229", "2024013123", "202401312359", "20240131235959"}) {
    const auto moment = compact_moment_in(text);
    ASSERT_TRUE(moment) << text;
    EXPECT_EQ(moment_text(*moment), text);
  }
  EXPECT_EQ(compact_moment_in("202401311305")->value, moment_in("2024-01-31 13:05")->value);
  for (const char* text : {"", "2024", "20240230", "20241301", "2024013124", "1712010112",
                           "1700000000", "202401311360", "2024-1-1", "+2024013", "202401311"}) {
    EXPECT_FALSE(compact_moment_in(text)) << text;
  }
}

TEST(Rhythm, IsTheLeastDistance) {
  EXPECT_EQ(next({"2016-07-01 22:00:00", "2016-07-01 23:00:00"}), "2016-07-02 00:00:00");
  EXPECT_EQ(next({"2024-02-27", "2024-02-28"}, 2), "2024-03-01");
  EXPECT_EQ(next({"3", "5.5", "10.5"}), "13");
  const std::vector<Moment> days = moments({"2024-01-01", "2024-01-02", "2024-01-05"});
  const Rhythm rhythm = Rhythm::of(days);
  EXPECT_EQ(rhythm.rows_between(days[1], days[2]), 3);
  EXPECT_EQ(rhythm.rows_between(days[0], *moment_in("2024-01-02 12:00")), std::nullopt);
  EXPECT_EQ(rhythm.text(), "1 day");
}

TEST(Rhythm, CountsMonths) {
  EXPECT_EQ(next({"2023-12", "2024-01", "2024-02"}), "2024-03");
  EXPECT_EQ(next({"2023-11-30", "2023-12-31", "2024-01-31"}), "2024-02-29");
  EXPECT_EQ(next({"2023-12-31", "2024-01-31", "2024-02-29"}), "2024-03-31");
  EXPECT_EQ(next({"2021-05-15", "2022-05-15"}, 2), "2024-05-15");
  const std::vector<Moment> months = moments({"2023-12-01", "2024-01-01", "2024-04-01"});
  EXPECT_EQ(Rhythm::of(months).text(), "1 month");
  EXPECT_EQ(Rhythm::of(months).rows_between(months[1], months[2]), 3);
  // Every four weeks.
  EXPECT_EQ(next({"2024-01-01", "2024-01-29", "2024-02-26"}), "2024-03-25");
}

}  // namespace
}  // namespace rondo
