#include "data/levels/word_level.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "data/text/document_offsets.hpp"
#include "data/text/part_writer.hpp"
#include "data/text/utf8.hpp"
#include "data/vocabularies/word_vocabulary.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::string_view train = split_names[0];

// How often a word occurs in each part: there are three at the most.
using Counts = std::array<std::int64_t, split_names.size()>;
// Bytewise order of words.
using WordCounts = std::map<std::string, Counts, std::less<>>;

// Counts words, and the tokens of documents.
class CountingSink final : public PartSink {
 public:
  explicit CountingSink(Splitting splitting) : scanner_(splitting) {}

  std::int64_t write(std::string_view text) override {
    scanner_.feed(text, [this](std::string_view word) { take(word); });
    return utf8::length(text);
  }
  void end_document() override {
    scanner_.end_document([this](std::string_view word) { take(word); });
    documents.end_document();
  }
  void end_part() override {
    end_document();
    documents.end_part();
  }

  WordCounts counts;
  DocumentOffsets documents;

 private:
  void take(std::string_view word) {
    auto found = counts.find(word);
    if (found == counts.end()) found = counts.emplace(word, Counts{}).first;
    ++found->second[documents.part()];
    documents.add(1);
  }

  WordScanner scanner_;
};

template <class Token>
class WordSink final : public PartSink {
 public:
  WordSink(const WordVocabulary& vocabulary, DatasetWriter& writer)
      : vocabulary_(vocabulary), scanner_(vocabulary.splitting()), out_(writer, 1) {}

  std::int64_t write(std::string_view text) override {
    scanner_.feed(text, [this](std::string_view word) { take(word); });
    return utf8::length(text);
  }
  void end_document() override {
    scanner_.end_document([this](std::string_view word) { take(word); });
  }
  void end_part() override {
    end_document();
    out_.end_part();
  }

 private:
  void take(std::string_view word) {
    *out_.room() = static_cast<Token>(vocabulary_.token(word));
    out_.added(1);
  }

  const WordVocabulary& vocabulary_;
  WordScanner scanner_;
  PartWriter<Token> out_;
};

class WordLevel final : public TextLevel {
 public:
  explicit WordLevel(const PrepareOptions& options)
      : splitting_(options.split_punctuation ? Splitting::punctuation : Splitting::spaces),
        min_count_(options.min_count.value_or(1)),
        vocabulary_size_(options.vocabulary_size.value_or(0)),
        at_work_(options.at_work),
        vocabulary_(std::dynamic_pointer_cast<const WordVocabulary>(options.vocabulary)) {
    if (vocabulary_) splitting_ = vocabulary_->splitting();
  }

  std::vector<Part> survey(const TextInput& input, const std::vector<Part>& parts) override {
    at_work_("counting words");
    CountingSink sink(splitting_);
    walk_parts(input, parts, sink);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].split == train) train_ = i;
    }
    std::vector<Part> in_tokens = sink.documents.in_tokens(parts, "words");
    if (!vocabulary_) vocabulary_ = std::make_shared<WordVocabulary>(choose(sink.counts));
    tally(sink.counts);
    return in_tokens;
  }
  const Vocabulary& vocabulary() const override { return *vocabulary_; }
  std::vector<std::int64_t> counts() const override { return counts_; }
  const char* counted_in() const override { return "the train split"; }
  std::int64_t unknown(std::size_t part) const override { return unknown_[part]; }

  void write(const TextInput& input, const std::vector<Part>& parts, ElementType type,
             DatasetWriter& writer) const override {
    with_token_type(type, [&]<class Token>() {
      WordSink<Token> sink(*vocabulary_, writer);
      walk_parts(input, parts, sink);
    });
  }

 private:
  // The most frequent words of the train split, <unk> for all others, and <eos>.
  WordVocabulary choose(const WordCounts& counts) const {
    std::vector<std::pair<std::int64_t, std::string>> words;
    std::int64_t ends = 0, others = 0;
    for (const auto& [word, in] : counts) {
      others += in[train_];
      const bool wanted = in[train_] >= min_count_ && in[train_] > 0;
      if (word == end_of_line_word)
        ends = in[train_];
      else if (wanted && word != unknown_word)
        words.emplace_back(in[train_], word);
    }
    const auto before = [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    };
    std::sort(words.begin(), words.end(), before);
    if (vocabulary_size_ > 0) {
      const auto room = static_cast<std::size_t>(vocabulary_size_ - 2);
      words.resize(std::min(words.size(), room));
    }
    words.emplace_back(ends, end_of_line_word);
    for (const auto& [count, word] : words) others -= count;
    words.emplace_back(others, unknown_word);
    std::sort(words.begin(), words.end(), before);

    std::vector<std::string> spelled;
    spelled.reserve(words.size());
    for (const auto& [count, word] : words) spelled.push_back(word);
    return {std::move(spelled), splitting_};
  }

  void tally(const WordCounts& counts) {
    counts_.resize(static_cast<std::size_t>(vocabulary_->size()));
    for (const auto& [word, in] : counts) {
      const std::int32_t token = vocabulary_->token(word);
      counts_[static_cast<std::size_t>(token)] += in[train_];
      if (token != vocabulary_->unknown()) continue;
      for (std::size_t part = 0; part < in.size(); ++part) unknown_[part] += in[part];
    }
  }

  Splitting splitting_;
  std::int64_t min_count_;
  std::int64_t vocabulary_size_;  // 0: no limit
  std::size_t train_ = 0;         // part
  std::function<void(const std::string&)> at_work_;
  std::shared_ptr<const WordVocabulary> vocabulary_;
  std::vector<std::int64_t> counts_;
  Counts unknown_{};
};

}  // namespace

std::unique_ptr<TextLevel> make_word_level(const PrepareOptions& options, const TextSurvey&) {
  if (options.min_count && *options.min_count < 1) {
    throw_input("--min-count is at least 1, not {}", *options.min_count);
  }
  if (options.vocabulary_size && *options.vocabulary_size < 3) {
    throw_input("--vocabulary-size is at least 3, for <unk>, <eos> and a word, not {}",
                *options.vocabulary_size);
  }
  return std::make_unique<WordLevel>(options);
}

}  // namespace rondo
