// The texts of one source, while they are being said.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rondo/core/random.hpp"
#include "rondo/tasks/decoding.hpp"
#include "tasks/decoding/dice.hpp"

namespace rondo::tasks {

// A text with one symbol more.
struct Candidate {
  double log_probability = 0;
  std::int32_t symbol = 0;
  std::int32_t parent = 0;  // the text before it, by its place among those that go on
  std::int32_t drawn = 0;   // of drawn texts, its number
};

// What lengths cost: exp(a log n).
class LengthPenalties {
 public:
  LengthPenalties(double a, std::int64_t longest);
  double of(std::int64_t length) const { return of_[static_cast<std::size_t>(length)]; }
  // The most of lengths up to this one.
  double most(std::int64_t length) const;

 private:
  std::vector<double> of_;
};

class TextSearch {
 public:
  // `options` and `penalties`, of lengths with the end, outlive it.
  TextSearch(const DecodeSource& source, const DecodeOptions& options,
             const LengthPenalties& penalties);

  // Texts that go on, the best first; none: it is over.
  std::size_t texts() const { return live_.size(); }
  std::int32_t last_symbol(std::size_t text) const { return nodes_[live_[text].node].symbol; }
  // Whose text goes on in it, by the places of the step before.
  std::int32_t parent(std::size_t text) const { return live_[text].parent; }

  // The candidates that may be chosen of those of one text; the same for any threads. `known`: log
  // probabilities of all symbols, which are changed.
  void find_candidates(std::size_t text, std::span<double> known, Dice& dice,
                       std::vector<Candidate>& found) const;
  // A step, once all texts' candidates are known; attention: of each text, where it is asked for.
  void choose(std::vector<Candidate>& candidates, std::vector<std::vector<float>>& attention);

  std::vector<Hypothesis> answers() const;

 private:
  static constexpr std::uint32_t nothing = ~std::uint32_t{0};
  struct Node {
    std::int32_t symbol = 0;
    std::uint32_t before = nothing, attention = nothing;
  };
  struct Live {
    std::uint32_t node = 0;
    double log_probability = 0;
    std::int32_t parent = 0;
    std::int32_t drawn = 0;
  };
  struct Ended {
    std::uint32_t node = 0;
    double log_probability = 0, score = 0;
    std::int32_t drawn = 0;
  };

  std::size_t places() const { return wanted_ - ended_.size(); }
  bool may_say(std::int32_t symbol) const;
  void draw(std::size_t text, std::span<const double> known, Dice& dice,
            std::vector<Candidate>& found) const;
  bool is_settled() const;

  const DecodeOptions& options_;
  DecodeSource source_;
  const LengthPenalties& penalties_;
  double most_penalty_;
  RandomStream random_;
  std::size_t wanted_;     // texts
  std::int64_t said_ = 0;  // symbols of each text that goes on
  std::vector<Node> nodes_;
  std::vector<std::vector<float>> attentions_;
  std::vector<Live> live_;
  std::vector<Ended> ended_;  // the best first; drawn ones by their numbers
};

}  // namespace rondo::tasks
