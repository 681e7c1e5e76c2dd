// The windows of epochs that have to be planned one sequence after another.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/data/sequence_plan.hpp"

namespace rondo {

// `Epoch` plans a single one: start(epoch) goes to before its first window, next(window) places the
// sequences of its next one, is_over() says whether there is none. What is known of the epochs'
// starts is kept, so that none is planned twice to find another.
template <class Epoch>
class EpochWalk {
 public:
  // Before window 0. `shuffle`: the epochs differ.
  EpochWalk(Epoch epoch, bool shuffle) : plan_(std::move(epoch)), shuffle_(shuffle) {
    starts_.reserve(kept_starts);
    starts_.push_back(0);
    scratch_.placed.reserve(plan_.most_placed());
  }

  static std::uint64_t bytes(std::size_t most_placed) {
    return sizeof(EpochWalk) + kept_starts * sizeof(std::int64_t) +
           most_placed * sizeof(PlacedSequence);
  }

  const Epoch& epoch() const { return plan_; }

  void next(PackedWindow& window) {
    if (plan_.is_over()) start(epoch_ + 1, index_);
    window.index = index_++;
    window.epoch = epoch_;
    window.placed.clear();
    window.placed.reserve(plan_.most_placed());
    plan_.next(window);
    if (plan_.is_over() && static_cast<std::int64_t>(starts_.size()) == epoch_ + 1 &&
        (shuffle_ || epoch_ == 0)) {
      starts_.push_back(index_);
    }
  }

  void seek(std::int64_t window) {
    if (window < 0) throw_run("window {} does not exist", window);
    do {  // an epoch, once it is planned, tells where others start
      const Known epoch = known_epoch(window);
      if (epoch_ != epoch.index || index_ > window) start(epoch.index, epoch.start);
      while (index_ < window && !plan_.is_over()) next(scratch_);
    } while (index_ < window);
  }

  std::int64_t windows_of(std::int64_t epochs) {
    const auto planned =
        static_cast<std::size_t>(shuffle_ ? epochs : std::min<std::int64_t>(epochs, 1));
    if (starts_.size() <= planned) {
      const std::int64_t index = index_;
      seek(starts_.back());
      while (starts_.size() <= planned) next(scratch_);
      seek(index);
    }
    return shuffle_ || epochs == 0 ? starts_[planned] : starts_[1] * epochs;
  }

 private:
  static constexpr std::size_t kept_starts = 1024;  // more epochs allocate again

  struct Known {
    std::int64_t index, start;
  };

  // The epoch of `window`, or the last one before it whose start is known.
  Known known_epoch(std::int64_t window) const {
    if (!shuffle_ && starts_.size() > 1) {
      const std::int64_t epoch = window / starts_[1];
      return {epoch, epoch * starts_[1]};
    }
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), window);
    return {after - starts_.begin() - 1, *(after - 1)};
  }

  void start(std::int64_t epoch, std::int64_t index) {
    epoch_ = epoch;
    index_ = index;
    plan_.start(epoch);
  }

  Epoch plan_;
  bool shuffle_;
  std::int64_t epoch_ = 0;
  std::int64_t index_ = 0;            // of the next window
  std::vector<std::int64_t> starts_;  // of the epochs, as far as known; unshuffled: of two
  PackedWindow scratch_;
};

}  // namespace rondo
