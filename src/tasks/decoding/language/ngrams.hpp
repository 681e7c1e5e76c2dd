// An n-gram model in the ARPA format, as SRILM, KenLM and their like write it: for each n-gram the
// logarithm of a probability, and what its context costs where a longer one was not seen.
//
//   "\data\"
//   "ngram 1=3"
//   "ngram 2=1"
//   "\1-grams:"
//   "-0.5 a -0.2"
//   ...
//   "\end\"
//
// Logarithms are to the base of 10 there, natural ones here. With h' the context h without its
// oldest word,
//   log p(w | h) = that of h w, where it is listed, else backoff(h) + log p(w | h'),
// the backoff of a context that is not listed being 0.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/baselines/ngram_trie.hpp"

namespace rondo::tasks {

class Ngrams {
 public:
  // The words that a probability may hang on, oldest first; the newest order - 1 are looked at.
  using Context = std::vector<std::int32_t>;

  // `text`: the whole of a file, which `where` names. InputError with the line for what is not the
  // format, counts that are not those announced, and a text that is cut short.
  Ngrams(std::string_view text, const std::string& where);

  int order() const { return order_; }
  // Number of a word; of one that is not listed that of <unk>, -1 where there is none.
  std::int32_t word(std::string_view name) const;
  bool knows(std::string_view name) const { return numbers_.contains(name); }
  // Whether all words but <s>, </s> and <unk> are single characters, or names of the blank.
  bool is_of_characters() const;

  // What stands before each text: <s>, if it is listed. After it, and a word more.
  Context first() const;
  Context after(const Context& context, std::int32_t word) const;

  // A context's n-grams, found once for all words that may follow.
  struct Found {
    std::vector<ngrams::Node> contexts;  // of all lengths that are listed, the longest first
    std::vector<double> backoffs;        // up to each of them, added from the longest context on
  };
  Found find(const Context& context) const;
  // log p(word | context): backoffs added from the longest context on, the probability last. A word
  // of number -1 has a probability of 10^-100.
  double log_probability(const Found& found, std::int32_t word) const;
  // The same of the text's end, </s>; 0 where that is not listed.
  double end(const Found& found) const;

  static bool is_blank(std::string_view name);  // names of the blank in models of characters

 private:
  friend class ArpaReader;

  int order_ = 0;
  std::map<std::string, std::int32_t, std::less<>> numbers_;
  ngrams::ChildTable children_;
  // By node. An n-gram that only longer ones begin with has no probability of its own: 1.
  std::vector<double> probabilities_{1}, backoffs_{0};
  std::int32_t unknown_ = -1, start_ = -1, end_ = -1;
};

}  // namespace rondo::tasks
