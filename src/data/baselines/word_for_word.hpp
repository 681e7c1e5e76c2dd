// What pairs of sequences are measured beside: each symbol that is read says the one that it stands
// for, in the order in which they are read. Which one that is, is learned from the pairs by IBM
// model 1 (Brown et al. 1993): expectation maximisation over all alignments, from equal shares,
// with a symbol beside those that are read for what none of them says.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rondo {

class WordForWord {
 public:
  // Symbols of all sequences end to end, below `read_symbols` and `said_symbols`; those of sequence
  // i from starts[i] to starts[i + 1]. A sequence with nothing said teaches nothing.
  struct Side {
    std::span<const std::int32_t> symbols;
    std::span<const std::int64_t> starts;

    std::span<const std::int32_t> sequence(std::size_t i) const {
      const auto begin = static_cast<std::size_t>(starts[i]);
      return symbols.subspan(begin, static_cast<std::size_t>(starts[i + 1]) - begin);
    }
  };
  // Memory: some 16 bytes for each two symbols that stand in one pair.
  WordForWord(const Side& read, std::int32_t read_symbols, const Side& said, int rounds = 5);

  // Nothing is said of a symbol that training lacks.
  std::vector<std::int32_t> say(std::span<const std::int32_t> read) const;

 private:
  std::vector<std::int32_t> likeliest_;  // of each that is read; -1: none
};

}  // namespace rondo
