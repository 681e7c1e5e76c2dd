#include "data/levels/subword_level.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "data/levels/chunk_encoder.hpp"
#include "data/levels/chunks.hpp"
#include "data/levels/subword_alphabet.hpp"
#include "data/text/document_offsets.hpp"
#include "data/text/part_writer.hpp"
#include "data/text/utf8.hpp"
#include "data/vocabularies/subword_vocabulary.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::string_view train = split_names[0];

// Takes the chunks of each part.
class ChunkSink : public PartSink {
 public:
  explicit ChunkSink(const std::vector<Part>& parts) : parts_(parts) {}

  std::int64_t write(std::string_view text) override {
    scanner_.feed(text, [this](std::string_view chunk) { take(chunk); });
    return utf8::length(text);
  }
  void end_document() override {
    scanner_.finish([this](std::string_view chunk) { take(chunk); });
  }
  void end_part() override {
    end_document();
    ++part_;
  }

 protected:
  bool in_train() const { return parts_[part_].split == train; }

 private:
  virtual void take(std::string_view chunk) = 0;

  const std::vector<Part>& parts_;
  std::size_t part_ = 0;
  ChunkScanner scanner_;
};

// Counts the chunks of the train split.
class LearningSink final : public ChunkSink {
 public:
  using ChunkSink::ChunkSink;
  ChunkCounts counts;

 private:
  void take(std::string_view chunk) override {
    if (!in_train()) return;
    auto found = counts.find(chunk);
    if (found == counts.end()) found = counts.emplace(chunk, 0).first;
    ++found->second;
  }
};

// Counts tokens: each in the train split, and those of documents.
class CountingSink final : public ChunkSink {
 public:
  CountingSink(const std::vector<Part>& parts, const SubwordVocabulary& vocabulary)
      : ChunkSink(parts),
        counts(static_cast<std::size_t>(vocabulary.size())),
        encode_(vocabulary) {}

  void end_document() override {
    ChunkSink::end_document();
    documents.end_document();
  }
  void end_part() override {
    ChunkSink::end_part();
    documents.end_part();
  }

  std::vector<std::int64_t> counts;
  DocumentOffsets documents;

 private:
  void take(std::string_view chunk) override {
    const std::vector<std::int32_t>& tokens = encode_(chunk);
    documents.add(static_cast<std::int64_t>(tokens.size()));
    if (!in_train()) return;
    for (const std::int32_t token : tokens) ++counts[static_cast<std::size_t>(token)];
  }

  ChunkEncoder encode_;
};

template <class Token>
class SubwordSink final : public ChunkSink {
 public:
  SubwordSink(const std::vector<Part>& parts, const SubwordVocabulary& vocabulary,
              DatasetWriter& writer)
      : ChunkSink(parts), encode_(vocabulary), out_(writer, longest_chunk) {}

  void end_part() override {
    ChunkSink::end_part();
    out_.end_part();
  }

 private:
  void take(std::string_view chunk) override {
    const std::vector<std::int32_t>& tokens = encode_(chunk);  // a piece has at least one byte
    std::transform(tokens.begin(), tokens.end(), out_.room(),
                   [](std::int32_t token) { return static_cast<Token>(token); });
    out_.added(tokens.size());
  }

  ChunkEncoder encode_;
  PartWriter<Token> out_;
};

class SubwordLevel final : public TextLevel {
 public:
  SubwordLevel(std::string kind, int size, std::shared_ptr<const SubwordVocabulary> given,
               std::function<void(const std::string&)> at_work)
      : kind_(std::move(kind)),
        size_(size),
        vocabulary_(std::move(given)),
        at_work_(std::move(at_work)) {}

  std::vector<Part> survey(const TextInput& input, const std::vector<Part>& parts) override {
    if (!vocabulary_) learn(input, parts);
    at_work_("counting subwords");
    CountingSink counting(parts, *vocabulary_);
    walk_parts(input, parts, counting);
    counts_ = std::move(counting.counts);
    return counting.documents.in_tokens(parts, "subwords");
  }
  const Vocabulary& vocabulary() const override { return *vocabulary_; }
  std::vector<std::int64_t> counts() const override { return counts_; }
  const char* counted_in() const override { return "the train split"; }
  std::int64_t unknown(std::size_t) const override { return 0; }

  void write(const TextInput& input, const std::vector<Part>& parts, ElementType type,
             DatasetWriter& writer) const override {
    with_token_type(type, [&]<class Token>() {
      SubwordSink<Token> sink(parts, *vocabulary_, writer);
      walk_parts(input, parts, sink);
    });
  }

 private:
  void learn(const TextInput& input, const std::vector<Part>& parts) {
    at_work_("counting words to learn subwords from");
    LearningSink learning(parts);
    walk_parts(input, parts, learning);
    at_work_(
        fmt::format("learning {} subwords from {} different words", size_, learning.counts.size()));
    vocabulary_ = std::make_shared<SubwordVocabulary>(
        SubwordModel(SubwordModel::train(kind_, size_, to_learn_from(learning.counts, size_))));
  }

  std::string kind_;
  int size_;
  std::shared_ptr<const SubwordVocabulary> vocabulary_;
  std::function<void(const std::string&)> at_work_;
  std::vector<std::int64_t> counts_;
};

}  // namespace

std::unique_ptr<TextLevel> make_subword_level(const PrepareOptions& options, const TextSurvey&) {
  const std::string kind = options.subword_model.value_or("bpe");
  const std::int64_t size = options.vocabulary_size.value_or(usual_subwords);
  check_subwords(kind, size);
  return std::make_unique<SubwordLevel>(
      kind, static_cast<int>(size),
      std::dynamic_pointer_cast<const SubwordVocabulary>(options.vocabulary), options.at_work);
}

}  // namespace rondo
