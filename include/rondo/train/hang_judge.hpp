// When a run stands still, and who keeps it: the watchdog's judgement, without thread, clock or
// message.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rondo/comm/heartbeats.hpp"
#include "rondo/train/pulse.hpp"

namespace rondo {

// A run stands still while no rank is seen to move: one that takes long in its own work moves, by
// its beats, and so do those that wait for it. Standing still is reported when it lasts ten times
// as long as it did lately, and not for less than the 30 s that a busy file system may take (a
// quarter of the limit where that is shorter), nor before a rank that does not answer is known for
// it, at half the limit at the latest; it is reported again each time that it lasts twice as long,
// and after the limit it is a hang. While a rank that answers writes files, six times the limit is
// waited: a slow disk is no reason to lose what is being written to it.
class HangJudge {
 public:
  struct Rank {
    int number = 0;
    std::string host;
  };
  enum class Verdict : std::uint8_t {
    fine,
    report,   // sentence() tells of it
    goes_on,  // what was reported is over; sentence() says so
    hangs,    // sentence() says why the run ends; the ranks end it, the speaker first
  };

  // `ranks`: those of whom beats will be known, the caller at `self`. `tick`: seconds between
  // looks. `limit` > 0, in seconds.
  HangJudge(std::vector<Rank> ranks, std::size_t self, double limit, double tick);

  // `seconds` since the look before, of which two ticks count: a thread that could not look for
  // longer stood still itself, and the others may have, too. `beats`: of each of the ranks, in
  // their order. Only the speaker, the lowest rank that answers, reports.
  Verdict look(double seconds, std::span<const Heartbeats::Beat> beats);
  const std::string& sentence() const { return sentence_; }

 private:
  struct Seen {
    Heartbeats::Beat beat;
    double silent = 0;  // seconds since it last spoke
  };

  // Whether any rank has moved since the look before.
  bool note(double seconds, std::span<const Heartbeats::Beat> beats);
  double way_of_news() const;   // seconds until a beat is known to all
  double silent_after() const;  // seconds without news, after which a rank does not answer
  bool is_silent(std::size_t rank) const;
  // Whether all ranks below have been silent, and for so many seconds.
  bool is_speaker(double seconds = 0) const;
  bool writes_files() const;
  double report_after() const;
  std::string describe() const;

  const std::vector<Rank> ranks_;
  const std::size_t self_;
  const double limit_;
  const double tick_;
  std::vector<Seen> seen_;
  double still_ = 0;     // seconds since any rank moved
  double usual_ = 0;     // the longest of such times lately
  double reported_ = 0;  // `still_` at the last report of this stand, 0 before it
  std::string sentence_;
};

}  // namespace rondo
