#include "tasks/decoding/language/ngrams.hpp"

#include <algorithm>

#include "data/text/utf8.hpp"
#include "tasks/decoding/language/arpa_reader.hpp"

namespace rondo::tasks {
namespace {

constexpr double log_10 = 2.302585092994045684;
constexpr double unlisted = 1;  // a logarithm that no probability has

bool is_mark(std::string_view name) {
  return name == "<s>" || name == "</s>" || name == "<unk>" || name == "<UNK>";
}

}  // namespace

Ngrams::Ngrams(std::string_view text, const std::string& where) {
  ArpaReader reader(text, where);
  order_ = reader.read([&](const ArpaReader::Line& line) {
    ngrams::Node node = ngrams::root;
    for (const std::string_view name : line.words) {
      std::int32_t number = 0;
      if (line.words.size() == 1) {
        number = static_cast<std::int32_t>(numbers_.size());
        number = numbers_.emplace(std::string(name), number).first->second;
      } else {
        const auto found = numbers_.find(name);
        if (found == numbers_.end()) reader.refuse("no 1-gram is \"{}\"", name);
        number = found->second;
      }
      const auto fresh = static_cast<ngrams::Node>(probabilities_.size());
      node = children_.find_or_add(node, number, fresh);
      if (node != fresh) continue;
      probabilities_.push_back(unlisted);
      backoffs_.push_back(0);
    }
    if (probabilities_[node] != unlisted) reader.refuse("the n-gram has stood before");
    probabilities_[node] = line.probability * log_10;
    backoffs_[node] = line.backoff * log_10;
  });
  for (const char* name : {"<unk>", "<UNK>"}) {
    if (unknown_ < 0) unknown_ = word(name);
  }
  start_ = knows("<s>") ? word("<s>") : -1;
  end_ = knows("</s>") ? word("</s>") : -1;
}

std::int32_t Ngrams::word(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? unknown_ : found->second;
}

bool Ngrams::is_blank(std::string_view name) { return name == "<space>" || name == "\u2581"; }

bool Ngrams::is_of_characters() const {
  return std::ranges::all_of(numbers_, [](const auto& word) {
    const std::string& name = word.first;
    return is_mark(name) || is_blank(name) ||
           utf8::decode(name).bytes == static_cast<int>(name.size());
  });
}

Ngrams::Context Ngrams::first() const { return start_ < 0 ? Context{} : after({}, start_); }

Ngrams::Context Ngrams::after(const Context& context, std::int32_t word) const {
  Context longer = context;
  longer.push_back(word);
  if (static_cast<int>(longer.size()) >= order_) longer.erase(longer.begin());
  return longer;
}

Ngrams::Found Ngrams::find(const Context& context) const {
  Found found;
  double backoff = 0;
  for (std::size_t first = 0; first <= context.size(); ++first) {
    ngrams::Node node = ngrams::root;
    for (std::size_t i = first; i < context.size() && node != ngrams::none; ++i) {
      node = context[i] < 0 ? ngrams::none : children_.find(node, context[i]);
    }
    if (node == ngrams::none) continue;
    found.contexts.push_back(node);
    found.backoffs.push_back(backoff);
    backoff += backoffs_[node];
  }
  return found;
}

double Ngrams::log_probability(const Found& found, std::int32_t word) const {
  constexpr double none = -100 * log_10;
  if (word < 0) return none;
  for (std::size_t i = 0; i < found.contexts.size(); ++i) {
    const ngrams::Node node = children_.find(found.contexts[i], word);
    if (node == ngrams::none || probabilities_[node] == unlisted) continue;
    return found.backoffs[i] + probabilities_[node];
  }
  return none;
}

double Ngrams::end(const Found& found) const { return end_ < 0 ? 0 : log_probability(found, end_); }

}  // namespace rondo::tasks
