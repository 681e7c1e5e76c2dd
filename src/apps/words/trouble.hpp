// A failure that lasts: when to tell of it, and when to try again.
#pragma once

#include <algorithm>
#include <limits>

namespace rondo::apps {

// Times are seconds of one clock.
class Trouble {
 public:
  explicit Trouble(double first_pause) : first_pause_(first_pause), pause_(first_pause) {}

  // It has failed at `now`. Whether to tell: the first time, then once in half a minute.
  bool failed(double now) {
    next_ = now + pause_;
    pause_ = std::min(2 * pause_, longest_pause);
    const bool first = failures_++ == 0;
    if (!first && now - told_ < silence) return false;
    told_ = now;
    return true;
  }
  // It has worked. Whether that is the end of a failure.
  bool worked() {
    const bool ends = failures_ > 0;
    *this = Trouble(first_pause_);
    return ends;
  }
  // The next attempt is made: none is due before its outcome is told.
  void begin() { next_ = std::numeric_limits<double>::infinity(); }
  // When the next attempt is due: the first pause after the first failure, then after twice as long
  // each time, up to 5 minutes. Never, if there is no failure.
  double next() const { return next_; }
  int failures() const { return failures_; }  // in a row

 private:
  static constexpr double longest_pause = 300, silence = 30;

  double first_pause_, pause_;
  int failures_ = 0;
  double next_ = std::numeric_limits<double>::infinity();
  double told_ = 0;
};

}  // namespace rondo::apps
