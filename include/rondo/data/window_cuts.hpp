// Where the windows of a run cut its lanes: a function of the configuration and the window's index
// alone.
//
// All lanes are equally long and are cut at the same places; an epoch's last window ends with the
// lanes. Windows are of one length, or, as in AWD-LSTM (Merity, Keskar & Socher 2017), each has its
// own, so that no token stands at the same place of a window in all epochs.
#pragma once

#include <cstdint>

namespace rondo {

struct WindowLengths {
  std::int64_t window = 0;  // time steps
  bool varies = false;      // around `window`
  std::uint64_t seed = 0;   // of the lengths

  // Of window `index`, where its epoch is long enough; what varies is
  //   floor(b + 5 n), b = window in 95 of 100 cases, else window / 2, n standard normal,
  // brought into [min(5, window), longest()].
  std::int64_t length(std::int64_t index) const;
  // No window is longer: memory is laid out for it. Four deviations above `window`.
  std::int64_t longest() const;
};

class WindowCuts {
 public:
  // Windows whose lengths vary are counted one by one: a run has at most so many of them.
  static constexpr std::int64_t most_varying = 100'000'000;

  // For lanes of `lane_tokens` time steps; both are at least 1.
  WindowCuts(const WindowLengths& lengths, std::int64_t lane_tokens);

  struct Cut {
    std::int64_t epoch = 0;
    std::int64_t start = 0;  // the window's first time step in its lanes
    std::int64_t times = 0;
  };
  // Of window `index`, counted over all epochs. Any order of calls gives the same cuts; where
  // lengths vary, a window behind the last one asked for takes as long as there are windows between
  // them, another as long as there are windows before it.
  Cut cut(std::int64_t index);
  // Windows of the first `epochs` epochs. InputError where they vary and are more than
  // most_varying.
  std::int64_t windows_of(std::int64_t epochs) const;

 private:
  Cut cut_at(std::int64_t index, std::int64_t epoch, std::int64_t start) const;

  WindowLengths lengths_;
  std::int64_t lane_tokens_;
  std::int64_t index_ = 0;  // of last_
  Cut last_;
};

}  // namespace rondo
