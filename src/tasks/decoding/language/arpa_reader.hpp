// Reads the lines of an ARPA file (tasks/decoding/language/ngrams.hpp).
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo::tasks {

class ArpaReader {
 public:
  struct Line {
    double probability = 0, backoff = 0;  // logarithms to the base of 10
    std::vector<std::string_view> words;
  };

  // `text` and `where`, which names its file, outlive it.
  ArpaReader(std::string_view text, const std::string& where) : rest_(text), where_(where) {}

  // Calls use(line) for all n-grams in their order, the shorter ones first, and returns the length
  // of the longest. InputError: Ngrams.
  int read(const std::function<void(const Line&)>& use);
  // InputError that names file and line.
  template <class... Values>
  [[noreturn]] void refuse(fmt::format_string<Values...> sentence, Values&&... values) const {
    throw_input("{}, line {}: {}", where_, number_,
                fmt::format(sentence, std::forward<Values>(values)...));
  }

 private:
  // The next line that is not empty; false at the end of the text.
  bool next();
  void read_counts();
  void read_ngram(std::size_t length, Line& to) const;
  double number(std::string_view text) const;

  std::string_view rest_, line_;
  const std::string& where_;
  std::int64_t number_ = 0;           // of the line
  std::vector<std::int64_t> counts_;  // that are announced, of each length from 1 on
};

}  // namespace rondo::tasks
