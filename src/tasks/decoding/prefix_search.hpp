// Prefix search over what steps spell: the texts that are kept, step after step.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "tasks/decoding/spelling.hpp"

namespace rondo::tasks {

class PrefixSearch {
 public:
  // `options` and `blank`: of steps that follow.
  PrefixSearch(const SpellingOptions& options, std::int32_t blank);

  void step(std::span<const double> scores);

  // The texts that are kept, the best first, and what is known of each (language/fusion.hpp).
  struct Text {
    std::vector<std::int32_t> symbols;
    double known = 0;
  };
  std::vector<Text> texts() const;

  // Where texts are chosen by more than their steps: what each symbol adds if it comes next, minus
  // infinity where it must not. To be told of the empty text before the first step, and behind each
  // step of the texts that are a symbol longer than before; the others keep it.
  std::size_t size() const { return kept_.size(); }
  // Of a text the place that it, or the one that it was made of, had before the last step; and the
  // symbol by which it has become longer, -1: by none.
  std::size_t parent(std::size_t place) const { return kept_[place].parent; }
  std::int32_t added(std::size_t place) const { return kept_[place].added; }
  std::span<double> known_next(std::size_t place);

 private:
  // A text: another one, and a symbol more. The empty one is the first.
  struct Node {
    std::int32_t symbol = -1;
    std::int32_t before = -1;
  };
  // A text that is kept: the logarithms of the probabilities of its paths that end in a blank, of
  // those that end in its last symbol, and of both.
  struct Kept {
    std::int32_t node = 0;
    double in_blank = 0, in_symbol = 0, both = 0;
    double known = 0;
    std::size_t parent = 0;
    std::int32_t added = -1;
    std::vector<double> known_next = {};  // of each symbol; empty: nothing is known
  };
  // What may be kept next: a kept text, or one with a symbol more.
  struct Candidate {
    double in_blank = 0, in_symbol = 0, both = 0;
    double known = 0, score = 0;  // score: of all that is said and known
    std::int32_t symbol = 0;      // its last
    std::int32_t place = 0;       // of the text that it is, or is made of
    bool is_longer = false;
  };

  void find_candidates(std::span<const double> scores);
  std::int32_t node_of(const Candidate& candidate);

  const SpellingOptions& options_;
  std::int32_t blank_;
  std::vector<Node> nodes_;
  std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> longer_;  // of a text, by a symbol
  std::vector<Kept> kept_;
  std::vector<std::int32_t> place_before_;  // of each kept text: that of the one before; -1: none
  std::vector<bool> may_say_;               // a class
  std::vector<bool> is_kept_longer_;        // [place][symbol]: a text that is kept itself
  std::vector<Candidate> candidates_;
};

}  // namespace rondo::tasks
