// Which of several labels a sequence has, as bits in words of a column.
//
// Label l is bit l mod 31 of word l / 31. A word is never negative, so that -1, in all words of a
// row, means what it means of a class: none is given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rondo {

inline constexpr int labels_a_word = 31;

constexpr int words_of_labels(int labels) { return (labels + labels_a_word - 1) / labels_a_word; }

inline bool has_label(const std::int32_t* words, int label) {
  return (words[label / labels_a_word] >> (label % labels_a_word) & 1) != 0;
}
inline void set_label(std::span<std::int32_t> words, int label) {
  words[static_cast<std::size_t>(label / labels_a_word)] |= std::int32_t{1}
                                                            << (label % labels_a_word);
}

}  // namespace rondo
