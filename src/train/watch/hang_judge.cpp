#include "rondo/train/hang_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace rondo {
namespace {

constexpr double least_report = 30;      // seconds
constexpr double forgetting = 0.99;      // of what was usual, a look
constexpr double beyond_usual = 10;      // times the usual is worth a report
constexpr double hang_beyond_usual = 3;  // and no hang below so many times
constexpr double files_patience = 6;     // limits
constexpr double to_end_all = 5;         // seconds
constexpr std::size_t most_named = 8;

std::string text_of(const Place& place) {
  return fmt::format("{} of step {}", activity_names[static_cast<std::size_t>(place.activity)],
                     place.step);
}

std::string duration(double seconds) {
  return seconds < 10 ? fmt::format("{:.1f} s", seconds) : fmt::format("{:.0f} s", seconds);
}

}  // namespace

HangJudge::HangJudge(std::vector<Rank> ranks, std::size_t self, double limit, double tick)
    : ranks_(std::move(ranks)), self_(self), limit_(limit), tick_(tick), seen_(ranks_.size()) {}

bool HangJudge::note(double seconds, std::span<const Heartbeats::Beat> beats) {
  bool moved = false;
  for (std::size_t r = 0; r < seen_.size(); ++r) {
    Seen& seen = seen_[r];
    moved |= beats[r].word != seen.beat.word;
    seen.silent = beats[r].count != seen.beat.count ? 0 : seen.silent + seconds;
    seen.beat = beats[r];
  }
  return moved;
}

// News takes a look a rank on its way, and the ranks do not look at the same time.
double HangJudge::way_of_news() const {
  return tick_ * static_cast<double>(std::bit_width(ranks_.size()));
}

double HangJudge::silent_after() const { return 8 * tick_ + 2 * way_of_news(); }

bool HangJudge::is_silent(std::size_t rank) const {
  return rank != self_ && seen_[rank].silent > silent_after();
}

bool HangJudge::is_speaker(double seconds) const {
  for (std::size_t r = 0; r < self_; ++r) {
    if (!is_silent(r) || seen_[r].silent < seconds) return false;
  }
  return true;
}

bool HangJudge::writes_files() const {
  for (std::size_t r = 0; r < seen_.size(); ++r) {
    const bool files = Pulse::place(seen_[r].beat.word).activity == Activity::files;
    if (files && !is_silent(r)) return true;
  }
  return false;
}

// Not before a rank that ceased to answer is known for it: it may have come as far as all others,
// and a report would name nobody. Its last news may come when the run stands still already, from a
// look behind that of its last step.
double HangJudge::report_after() const {
  if (reported_ > 0) return 2 * reported_;
  const double known = silent_after() + way_of_news() + 2 * tick_;
  const double least = std::max(std::min(least_report, limit_ / 4), known);
  return std::min(std::max(beyond_usual * usual_, least), limit_ / 2);
}

HangJudge::Verdict HangJudge::look(double seconds, std::span<const Heartbeats::Beat> beats) {
  seconds = std::min(seconds, 2 * tick_);
  still_ += seconds;
  if (note(seconds, beats)) {
    const double stood = std::exchange(still_, 0);
    usual_ = std::max(stood - seconds, usual_ * forgetting);  // it moved some time before this look
    if (std::exchange(reported_, 0) == 0 || !is_speaker()) return Verdict::fine;
    sentence_ = fmt::format("the run goes on after it stood still for {}", duration(stood));
    return Verdict::goes_on;
  }
  double limit = std::max(limit_, hang_beyond_usual * usual_);
  if (writes_files()) limit *= files_patience;
  // The others give the speaker a little time to speak and to end them, in which it is silent.
  if (still_ >= limit + (is_speaker(to_end_all) ? 0 : to_end_all)) {
    sentence_ = describe() + "; the run ends here, go on from its last checkpoint with --resume";
    return Verdict::hangs;
  }
  if (still_ < report_after()) return Verdict::fine;
  reported_ = still_;
  if (!is_speaker()) return Verdict::fine;
  sentence_ = describe();
  return Verdict::report;
}

// Who is silent, who is behind, and where all others are.
std::string HangJudge::describe() const {
  Place behind = Pulse::place(seen_[self_].beat.word);
  Place ahead = behind;
  std::vector<std::string> causes;
  const auto name = [&](std::size_t r, const std::string& what) {
    causes.push_back(fmt::format("rank {} on {} {}", ranks_[r].number, ranks_[r].host, what));
  };
  for (std::size_t r = 0; r < seen_.size(); ++r) {
    const Place place = Pulse::place(seen_[r].beat.word);
    if (is_silent(r)) {
      name(r, fmt::format("has not answered for {}, last in {}", duration(seen_[r].silent),
                          text_of(place)));
    } else {
      behind = std::min(behind, place);
      ahead = std::max(ahead, place);
    }
  }
  std::size_t others = 0;
  for (std::size_t r = 0; r < seen_.size(); ++r) {
    const Place place = Pulse::place(seen_[r].beat.word);
    if (is_silent(r)) continue;
    if (place == behind && behind != ahead) {
      name(r, "is in " + text_of(place));
    } else {
      ++others;
    }
  }
  const std::size_t unnamed = causes.size() - std::min(causes.size(), most_named);
  causes.resize(causes.size() - unnamed);
  if (unnamed > 0) causes.push_back(fmt::format("{} more ranks too", unnamed));
  if (seen_.size() == 1) {
    causes.push_back("this rank is in " + text_of(ahead));
  } else if (others > 0) {
    causes.push_back(fmt::format("{} {} come to {}", others,
                                 others == 1 ? "rank has" : "ranks have", text_of(ahead)));
  }
  return fmt::format("the run has stood still for {}, never longer than {} lately: {}",
                     duration(still_), duration(std::max(usual_, tick_)), fmt::join(causes, ", "));
}

}  // namespace rondo
