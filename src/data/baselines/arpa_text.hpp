// An n-gram model of lines of text in the ARPA format (tasks/decoding/language/ngrams.hpp reads
// it), smoothed as Witten and Bell (rondo/data/ngram.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

// Lines as sentences of words, or of their characters, of which white space is <space>. Each stands
// between <s> and </s>.
class Sentences {
 public:
  explicit Sentences(bool of_characters) : of_characters_(of_characters) {}

  // A line in UTF-8, without its end; one without words does not count.
  void add(std::string_view line);

  std::int64_t lines() const { return static_cast<std::int64_t>(starts_.size()); }
  std::int64_t words() const;  // or characters
  // The names of the tokens: <s>, </s>, <unk>, then those that were seen, in the order in which
  // they first were. The model backs off from a probability of one over their number.
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<std::int32_t>& tokens() const { return tokens_; }
  const std::vector<std::int64_t>& starts() const { return starts_; }  // of the lines

 private:
  std::int32_t token(std::string_view name);

  bool of_characters_;
  std::vector<std::string> names_{"<s>", "</s>", "<unk>"};
  std::map<std::string, std::int32_t, std::less<>> numbers_{{"<s>", 0}, {"</s>", 1}, {"<unk>", 2}};
  std::vector<std::int32_t> tokens_;
  std::vector<std::int64_t> starts_;
};

// What every such file of rondo's begins with.
inline constexpr std::string_view arpa_head = "n-grams counted by rondo";

// The whole file of a model that foresees a token from order - 1 before it. InputError without
// lines, and for an order outside 1 to 16.
std::string arpa_text(const Sentences& sentences, int order);

}  // namespace rondo
