#include "rondo/train/hang_judge.hpp"

#include <gtest/gtest.h>

namespace rondo {
namespace {

using Verdict = HangJudge::Verdict;

// Three ranks as rank `self` sees them, a look a second, a limit of 600 s.
class Watched {
 public:
  explicit Watched(std::size_t self = 0, std::size_t ranks = 3, double limit = 600)
      : judge_(named(ranks), self, limit, 1), pulses_(ranks), beats_(ranks), silent_(ranks) {}

  void at(std::size_t rank, std::int64_t step, Activity activity) {
    pulses_[rank].begin_step(step);
    pulses_[rank].enter(activity);
  }
  void all_at(std::int64_t step, Activity activity) {
    for (std::size_t r = 0; r < pulses_.size(); ++r) at(r, step, activity);
  }
  void beat(std::size_t rank) { pulses_[rank].beat(); }
  void silence(std::size_t rank) { silent_[rank] = true; }

  Verdict look(double seconds = 1) {
    for (std::size_t r = 0; r < pulses_.size(); ++r) {
      if (!silent_[r]) beats_[r] = {beats_[r].count + 1, pulses_[r].word()};
    }
    return judge_.look(seconds, beats_);
  }
  // Looks until something is said, and after how many seconds that was; 0: nothing was in a day.
  int seconds_until(Verdict verdict) {
    for (int second = 1; second < 86400; ++second) {
      if (look() == verdict) return second;
    }
    return 0;
  }
  std::string sentence() const { return judge_.sentence(); }

 private:
  static std::vector<HangJudge::Rank> named(std::size_t ranks) {
    std::vector<HangJudge::Rank> all;
    for (std::size_t r = 0; r < ranks; ++r) {
      all.push_back({static_cast<int>(r), std::string("host-") + static_cast<char>('a' + r)});
    }
    return all;
  }

  HangJudge judge_;
  std::vector<Pulse> pulses_;
  std::vector<Heartbeats::Beat> beats_;
  std::vector<bool> silent_;
};

TEST(HangJudge, StepsThatGoOnAreFine) {
  Watched run;
  for (std::int64_t step = 1; step < 2000; ++step) {
    run.all_at(step, Activity::forward);
    ASSERT_EQ(run.look(), Verdict::fine) << step;
  }
}

TEST(HangJudge, NamesTheRankThatHangsAndWhereTheOthersWait) {
  Watched run;
  run.all_at(41, Activity::optimizer);
  run.look();
  run.at(0, 42, Activity::reduce);
  run.at(1, 42, Activity::forward);
  run.at(2, 42, Activity::reduce);
  run.look();
  EXPECT_EQ(run.seconds_until(Verdict::report), 30);
  EXPECT_EQ(run.sentence(),
            "the run has stood still for 30 s, never longer than 1.0 s lately: rank 1 on host-b is "
            "in forward of step 42, 2 ranks have come to reduce of step 42");
  EXPECT_EQ(run.seconds_until(Verdict::report), 30) << "again after twice as long";
  EXPECT_EQ(run.seconds_until(Verdict::report), 60);
  EXPECT_EQ(run.seconds_until(Verdict::hangs), 480) << "600 s in all";
  EXPECT_NE(run.sentence().find("rank 1 on host-b is in forward of step 42"), std::string::npos);
  EXPECT_NE(run.sentence().find("--resume"), std::string::npos);
}

TEST(HangJudge, NamesTheRankThatDoesNotAnswer) {
  Watched run(1);
  run.all_at(7, Activity::backward);
  run.look();
  run.silence(2);
  run.at(0, 7, Activity::reduce);
  run.at(1, 7, Activity::reduce);
  run.look();
  EXPECT_EQ(run.seconds_until(Verdict::hangs), 605) << "rank 1 leaves the word to rank 0";
  EXPECT_NE(run.sentence().find("rank 2 on host-c has not answered for 606 s, last in backward of "
                                "step 7, 2 ranks have come to reduce of step 7"),
            std::string::npos)
      << run.sentence();
}

TEST(HangJudge, TheLowestRankThatAnswersSpeaks) {
  Watched first(1);
  first.all_at(1, Activity::reduce);
  first.look();
  EXPECT_EQ(first.seconds_until(Verdict::report), 0) << "rank 0 answers, so that rank 1 is quiet";

  Watched second(1);
  second.all_at(1, Activity::reduce);
  second.look();
  second.silence(0);
  EXPECT_EQ(second.seconds_until(Verdict::report), 30);
}

TEST(HangJudge, OneRankThatMovesIsEnough) {
  Watched run;
  run.all_at(9, Activity::validation);
  for (int window = 0; window < 5000; ++window) {
    run.beat(2);  // the slowest host validates for more than an hour; the others wait
    ASSERT_EQ(run.look(), Verdict::fine);
  }
  run.all_at(10, Activity::sample);
  for (int character = 0; character < 5000; ++character) {
    run.beat(0);
    ASSERT_EQ(run.look(), Verdict::fine);
  }
}

TEST(HangJudge, WritingFilesMayTakeSixTimesAsLong) {
  Watched run;
  run.all_at(10, Activity::reduce);
  run.at(0, 9, Activity::files);
  run.look();
  EXPECT_EQ(run.seconds_until(Verdict::hangs), 3600);

  Watched silent(1);
  silent.all_at(10, Activity::reduce);
  silent.at(0, 9, Activity::files);
  silent.look();
  silent.silence(0);
  EXPECT_EQ(silent.seconds_until(Verdict::hangs), 600) << "who does not answer, does not write";
}

TEST(HangJudge, WhatHasTakenLongMayTakeLong) {
  Watched run;
  std::int64_t step = 1;
  for (; step < 6; ++step) {
    run.all_at(step, Activity::forward);
    for (int second = 0; second < 20; ++second) ASSERT_EQ(run.look(), Verdict::fine);
  }
  run.all_at(step, Activity::forward);
  run.look();
  EXPECT_EQ(run.seconds_until(Verdict::report), 190) << "ten times the 19 s and more of before";
  EXPECT_EQ(run.seconds_until(Verdict::hangs), 600 - 190) << "the limit stays";
}

TEST(HangJudge, WhatTookLongOnceIsForgotten) {
  Watched run;
  run.all_at(1, Activity::reduce);
  for (int second = 0; second < 300; ++second) run.look();
  for (std::int64_t step = 2; step < 1000; ++step) {
    run.all_at(step, Activity::reduce);
    run.look();
  }
  EXPECT_EQ(run.seconds_until(Verdict::report), 30);
}

TEST(HangJudge, TimeInWhichNobodyLookedDoesNotCount) {
  Watched run;
  run.all_at(1, Activity::reduce);
  run.look();
  EXPECT_EQ(run.look(5000), Verdict::fine) << "all ranks were stopped";
  EXPECT_EQ(run.seconds_until(Verdict::report), 28);
}

TEST(HangJudge, SaysThatTheRunGoesOn) {
  Watched run;
  run.all_at(1, Activity::reduce);
  run.look();
  EXPECT_EQ(run.seconds_until(Verdict::report), 30);
  run.all_at(1, Activity::optimizer);
  EXPECT_EQ(run.look(), Verdict::goes_on);
  EXPECT_EQ(run.sentence(), "the run goes on after it stood still for 31 s");
  run.all_at(2, Activity::data);
  EXPECT_EQ(run.look(), Verdict::fine);
}

TEST(HangJudge, ShortLimitsReportBeforeTheyEnd) {
  Watched run(0, 2, 12);
  run.all_at(1, Activity::reduce);
  run.look();
  EXPECT_EQ(run.seconds_until(Verdict::report), 6);
  EXPECT_EQ(run.seconds_until(Verdict::hangs), 6);
}

// A rank that stops where all others wait differs from them in nothing but its silence.
TEST(HangJudge, TheFirstReportNamesTheRankThatCeasedToAnswer) {
  for (const double limit : {40.0, 600.0}) {
    Watched run(0, 3, limit);
    run.all_at(22, Activity::reduce);
    run.look();
    for (int news = 0; news < 3; ++news) run.look();  // its last, on their way
    run.silence(1);
    ASSERT_NE(run.seconds_until(Verdict::report), 0);
    EXPECT_NE(run.sentence().find("rank 1 on host-b has not answered for "), std::string::npos)
        << run.sentence();
  }
}

TEST(HangJudge, ARankAloneTellsOfItself) {
  Watched run(0, 1);
  run.at(0, 3, Activity::forward);
  run.look();
  EXPECT_EQ(run.seconds_until(Verdict::report), 30);
  EXPECT_EQ(run.sentence(),
            "the run has stood still for 30 s, never longer than 1.0 s lately: this rank is in "
            "forward of step 3");
}

TEST(HangJudge, ManyCulpritsAreCounted) {
  Watched run(0, 20);
  for (std::size_t r = 1; r < 20; ++r) run.at(r, 1, Activity::data);
  run.at(0, 1, Activity::reduce);
  run.look();
  EXPECT_EQ(run.seconds_until(Verdict::report), 30);
  EXPECT_NE(run.sentence().find("rank 8 on host-i is in data of step 1, 11 more ranks too, 1 rank "
                                "has come to reduce of step 1"),
            std::string::npos)
      << run.sentence();
}

}  // namespace
}  // namespace rondo
