// Where a rank's training is, told to whoever watches: one word, written without a lock by the
// thread that trains and read by any other.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace rondo {

// What the training thread is at: the phases of a step, then what comes between steps, each behind
// what it follows. `joining`: the sums of a validation, whose own share is done. `files`: rank 0
// alone writes metrics or hands a checkpoint over, before others wait for it wherever they are.
enum class Activity : std::uint8_t {
  start,
  files,
  data,
  forward,
  backward,
  reduce,
  optimizer,
  report,
  validation,
  joining,
  sample,
  comparison,
  checkpoint,
  end,
};
inline constexpr std::array<std::string_view, 14> activity_names{
    "start",  "files",      "data",    "forward", "backward",   "reduce",     "optimizer",
    "report", "validation", "joining", "sample",  "comparison", "checkpoint", "end"};

// A word of a Pulse, taken apart.
struct Place {
  std::int64_t step = 0;  // counted from 1; between steps that of the last
  Activity activity = Activity::start;
  bool operator==(const Place&) const = default;
  // By how far training has come.
  auto operator<=>(const Place&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
};

class Pulse {
 public:
  // Training is at the step. To be seen with the next enter() or beat().
  void begin_step(std::int64_t step) { step_ = step; }
  void enter(Activity activity) {
    activity_ = activity;
    beat();
  }
  // Goes on with what it is at: for work of many parts.
  void beat() {
    const auto step = static_cast<std::uint64_t>(step_);
    ++beats_;
    word_.store(step << 24 | (beats_ & 0xFFFFF) << 4 | static_cast<std::uint64_t>(activity_),
                std::memory_order_relaxed);
  }

  // Differs from the word before whenever training has moved.
  std::uint64_t word() const { return word_.load(std::memory_order_relaxed); }
  static Place place(std::uint64_t word) {
    return {static_cast<std::int64_t>(word >> 24), static_cast<Activity>(word & 15)};
  }

 private:
  std::int64_t step_ = 0;
  Activity activity_ = Activity::start;
  std::uint64_t beats_ = 0;
  std::atomic<std::uint64_t> word_{0};
};

}  // namespace rondo
