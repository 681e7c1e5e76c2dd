// BLEU and chrF of a corpus, as sacrebleu counts them with its defaults
// (tests/second_opinion/scores.py): counts of n-grams in integers, one division at the end.
//
// BLEU (Papineni et al. 2002): up to four words, cut as mteval-v13a does ("13a"), case kept; where
// no n-gram of a length is right, its share is halved each time (smoothing "exp"). chrF (Popovic
// 2015): up to six characters, without white space, beta 2.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::tasks {

// The words of a line: white space (Unicode's) separates, marks stand alone, but for dots and
// commas between digits.
std::vector<std::string> words_13a(std::string_view line);

class BleuCounts {
 public:
  // Of one reference.
  void add(std::string_view given, std::string_view said);
  BleuCounts& operator+=(const BleuCounts& other);
  double score() const;  // 0 to 100

 private:
  static constexpr std::size_t longest = 4;
  std::array<std::int64_t, longest> right_{}, said_{};
  std::int64_t given_words_ = 0, said_words_ = 0;
};

class ChrfCounts {
 public:
  // Valid UTF-8.
  void add(std::string_view given, std::string_view said);
  ChrfCounts& operator+=(const ChrfCounts& other);
  double score() const;  // 0 to 100

 private:
  static constexpr std::size_t longest = 6;
  std::array<std::int64_t, longest> right_{}, said_{}, given_{};
};

}  // namespace rondo::tasks
