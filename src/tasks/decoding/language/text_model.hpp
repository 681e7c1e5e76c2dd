// What is known of texts without a look at what they are read from: a language model, a list of
// words. It is asked for many texts side by side, a lane each; what it says of one hangs on nothing
// but the text, so that it is the same in any company and for any threads.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace rondo::tasks {

inline constexpr double impossible = -std::numeric_limits<double>::infinity();

class TextModel {
 public:
  virtual ~TextModel() = default;

  // Starts over with so many lanes, in which nothing is said yet; at no time there are more than
  // `most`.
  virtual void begin(int lanes, int most) = 0;
  // From now on there are from.size() lanes. Lane i goes on from where lane from[i] stood; in the
  // first lanes, as many as there are of `symbols`, one of these is said.
  virtual void go_on(std::span<const std::int32_t> from, std::span<const std::int32_t> symbols) = 0;
  // Of a lane in which begin() or the last go_on() has begun a text: what each symbol adds to the
  // logarithm of the text's probability if it comes next; minus infinity: it must not. From any
  // thread.
  virtual void next(int lane, std::span<double> to) const = 0;
  // Of any lane: what is added if the text ends. From any thread.
  virtual double end(int lane) const = 0;
};

// A model of texts each of which leaves a state.
template <class State>
class StatesOfTexts : public TextModel {
 public:
  void begin(int lanes, int) final { states_.assign(static_cast<std::size_t>(lanes), first()); }
  void go_on(std::span<const std::int32_t> from, std::span<const std::int32_t> symbols) final {
    std::vector<State> states;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const State& before = states_[static_cast<std::size_t>(from[i])];
      states.push_back(i < symbols.size() ? after(before, symbols[i]) : before);
    }
    states_ = std::move(states);
  }
  void next(int lane, std::span<double> to) const final {
    next_after(states_[static_cast<std::size_t>(lane)], to);
  }
  double end(int lane) const final { return end_after(states_[static_cast<std::size_t>(lane)]); }

 protected:
  virtual State first() const = 0;
  virtual State after(const State& before, std::int32_t symbol) const = 0;
  virtual void next_after(const State& state, std::span<double> to) const = 0;
  virtual double end_after(const State& state) const = 0;

 private:
  std::vector<State> states_;
};

}  // namespace rondo::tasks
