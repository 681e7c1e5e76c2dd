#include "data/baselines/arpa_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/exact_math.hpp"
#include "rondo/data/ngram.hpp"
#include "rondo/data/text_dataset.hpp"

namespace rondo {
namespace {

constexpr std::int32_t start = 0, end = 1, unknown = 2;
constexpr double log_10 = 2.302585092994045684;

bool is_white_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Calls use(word) for what stands between white space.
template <class Use>
void for_each_word(std::string_view line, const Use& use) {
  for (std::size_t begin = 0, stop = 0; begin < line.size(); begin = stop) {
    while (begin < line.size() && is_white_space(line[begin])) ++begin;
    stop = begin;
    while (stop < line.size() && !is_white_space(line[stop])) ++stop;
    if (stop > begin) use(line.substr(begin, stop - begin));
  }
}

}  // namespace

std::int32_t Sentences::token(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return std::max(found->second, unknown);  // of marks in the text
  const auto number = static_cast<std::int32_t>(names_.size());
  names_.emplace_back(name);
  numbers_.emplace(name, number);
  return number;
}

void Sentences::add(std::string_view line) {
  bool has_words = false;
  for_each_word(line, [&](std::string_view) { has_words = true; });
  if (!has_words) return;
  starts_.push_back(static_cast<std::int64_t>(tokens_.size()));
  tokens_.push_back(start);
  if (of_characters_) {
    for (std::size_t at = 0; at < line.size();) {
      const auto bytes = static_cast<std::size_t>(utf8::decode(line.substr(at)).bytes);
      tokens_.push_back(token(is_white_space(line[at]) ? "<space>" : line.substr(at, bytes)));
      at += bytes;
    }
  } else {
    for_each_word(line, [&](std::string_view word) { tokens_.push_back(token(word)); });
  }
  tokens_.push_back(end);
}

std::int64_t Sentences::words() const { return std::ssize(tokens_) - 2 * lines(); }

std::string arpa_text(const Sentences& sentences, int order) {
  if (sentences.lines() == 0) throw_input("there is no text to count n-grams in");
  NgramModel model(static_cast<int>(sentences.names().size()), order);
  model.train(*make_memory_source(sentences.tokens(), sentences.starts()));
  std::string counts, all;
  for (int length = 1; length <= order; ++length) {
    std::int64_t seen = 0;
    all += fmt::format("\n\\{}-grams:\n", length);
    model.list(length, [&](const NgramModel::Listed& listed) {
      ++seen;
      constexpr double never = -99;  // nobody asks how likely a beginning is
      const bool begins = length == 1 && listed.tokens.front() == start;
      all += fmt::format("{:.6f}\t", begins ? never : exact::log(listed.probability) / log_10);
      for (const std::int32_t token : listed.tokens) {
        all += sentences.names()[static_cast<std::size_t>(token)] + ' ';
      }
      all.back() = '\n';
      if (length == order) return;
      all.back() = '\t';
      all += fmt::format("{:.6f}\n", exact::log(listed.backoff) / log_10);
    });
    counts += fmt::format("ngram {}={}\n", length, seen);
  }
  return fmt::format("{}, smoothed as Witten and Bell\n\n\\data\\\n{}{}\n\\end\\\n", arpa_head,
                     counts, all);
}

}  // namespace rondo
