#include "data/levels/subword_model.hpp"

#include <fmt/format.h>
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::string_view space_in_pieces = "\u2581";
constexpr int byte_count = 256;

// A piece as the text that it stands for.
std::string with_spaces(std::string_view piece) {
  std::string text;
  while (!piece.empty()) {
    const bool space = piece.starts_with(space_in_pieces);
    text += space ? ' ' : piece.front();
    piece.remove_prefix(space ? space_in_pieces.size() : 1);
  }
  return text;
}

// Chunks with their counts, as the library reads them. The unigram trainer takes its candidates
// from what stands in at least two lines: a chunk that occurs again comes on two lines, a part of
// its count on each. The counts are added up before any other use.
class Lines final : public sentencepiece::SentenceIterator {
 public:
  explicit Lines(const SubwordModel::Counts& chunks) : chunks_(chunks) { show(); }

  bool done() const override { return at_ == chunks_.size(); }
  void Next() override {
    second_ = !second_ && chunks_[at_].second > 1;
    if (!second_) ++at_;
    show();
  }
  const std::string& value() const override { return line_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void show() {
    if (done()) return;
    const auto& [chunk, count] = chunks_[at_];
    line_ = fmt::format("{}\t{}", chunk, second_ ? count / 2 : count - count / 2);
  }

  const SubwordModel::Counts& chunks_;
  std::size_t at_ = 0;
  bool second_ = false;  // of the chunk's two lines
  std::string line_;
};

}  // namespace

class SubwordModel::Library {
 public:
  sentencepiece::SentencePieceProcessor processor;
};

SubwordModel::SubwordModel(std::string serialized)
    : serialized_(std::move(serialized)), library_(std::make_unique<Library>()) {
  auto& processor = library_->processor;
  if (!processor.LoadFromSerializedProto(serialized_).ok()) {
    throw_input("the vocabulary's model of subwords is none that SentencePiece can read");
  }
  for (int token = 0; token < processor.GetPieceSize(); ++token) {
    const std::string& piece = processor.IdToPiece(token);
    if (utf8::valid_prefix(piece) != piece.size()) {
      throw_input("the vocabulary's model of subwords: piece {} is not UTF-8", token);
    }
    texts_.push_back(with_spaces(piece));
  }
  bytes_.reserve(byte_count);
  for (int value = 0; value < byte_count; ++value) {
    const int token = processor.PieceToId(fmt::format("<0x{:02X}>", value));
    if (token < 0 || token >= size() || !processor.IsByte(token)) {
      throw_input("the vocabulary's model of subwords has no piece for byte 0x{:02x}", value);
    }
    bytes_.push_back(token);
    texts_[static_cast<std::size_t>(token)] = static_cast<char>(value);
  }
  if (end() >= 0) texts_[static_cast<std::size_t>(end())].clear();
}

SubwordModel::~SubwordModel() = default;
SubwordModel::SubwordModel(SubwordModel&&) noexcept = default;
SubwordModel& SubwordModel::operator=(SubwordModel&&) noexcept = default;

int SubwordModel::size() const { return static_cast<int>(texts_.size()); }

std::int32_t SubwordModel::unknown() const { return library_->processor.unk_id(); }
std::int32_t SubwordModel::end() const { return library_->processor.eos_id(); }

void SubwordModel::encode(std::string_view chunk, std::vector<std::int32_t>& tokens) const {
  std::vector<int> pieces;
  const auto status = library_->processor.Encode(chunk, &pieces);
  if (!status.ok()) throw_run("SentencePiece cannot encode \"{}\": {}", chunk, status.message());
  tokens.insert(tokens.end(), pieces.begin(), pieces.end());
}

bool SubwordModel::is_kind(std::string_view kind) { return kind == "bpe" || kind == "unigram"; }

std::string SubwordModel::train(std::string_view kind, int size, const Counts& chunks,
                                bool with_end) {
  Lines lines(chunks);
  std::string model;
  // The text is taken as it is: nothing is normalised, added or left out.
  const auto status =
      sentencepiece::SentencePieceTrainer::Train({{"model_type", std::string(kind)},
                                                  {"vocab_size", std::to_string(size)},
                                                  {"hard_vocab_limit", "false"},
                                                  {"byte_fallback", "true"},
                                                  {"character_coverage", "1"},
                                                  {"bos_id", "-1"},
                                                  {"eos_id", with_end ? "1" : "-1"},
                                                  {"pad_id", "-1"},
                                                  {"normalization_rule_name", "identity"},
                                                  {"add_dummy_prefix", "false"},
                                                  {"remove_extra_whitespaces", "false"},
                                                  {"input_format", "tsv"},
                                                  {"input_sentence_size", "0"},
                                                  {"num_threads", "1"},
                                                  {"minloglevel", "2"}},
                                                 &lines, &model);
  if (!status.ok()) {
    throw_input("SentencePiece could not learn {} subwords: {}", size, status.message());
  }
  return model;
}

}  // namespace rondo
