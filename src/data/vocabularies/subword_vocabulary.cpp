#include "data/vocabularies/subword_vocabulary.hpp"

#include <array>
#include <utility>

#include "data/levels/chunks.hpp"
#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr const char* model_name = "vocabulary/subword_model";
constexpr std::string_view replacement = "\uFFFD";

class SubwordPrinter final : public Vocabulary::Printer {
 public:
  explicit SubwordPrinter(const SubwordModel& model) : model_(model) {}

  std::string print(std::int32_t token) override {
    if (token < 0 || token >= model_.size()) {
      throw_run("token {} is outside the vocabulary of {}", token, model_.size());
    }
    bytes_ += model_.text(token);
    std::string text;
    for (;;) {
      const std::size_t valid = utf8::valid_prefix(bytes_);
      text.append(bytes_, 0, valid);
      bytes_.erase(0, valid);
      if (bytes_.empty() || utf8::decode(bytes_).code_point == utf8::truncated) return text;
      text += replacement;
      bytes_.erase(0, 1);
    }
  }

 private:
  const SubwordModel& model_;
  std::string bytes_;  // that wait for the rest of their character
};

}  // namespace

void SubwordVocabulary::encode_chunk(std::string_view chunk,
                                     std::vector<std::int32_t>& tokens) const {
  if (!is_spelled(chunk)) {
    model_.encode(chunk, tokens);
    return;
  }
  for (const char byte : chunk) tokens.push_back(model_.byte(static_cast<std::uint8_t>(byte)));
}

std::vector<std::int32_t> SubwordVocabulary::encode(std::string_view text) const {
  const std::size_t valid = utf8::valid_prefix(text);
  if (valid < text.size()) throw_input("the text is not valid UTF-8 at byte offset {}", valid);
  if (text.ends_with(' ')) text.remove_suffix(1);
  std::vector<std::int32_t> tokens;
  const auto use = [&](std::string_view chunk) { encode_chunk(chunk, tokens); };
  ChunkScanner scanner;
  scanner.feed(text, use);
  scanner.finish(use);
  return tokens;
}

std::unique_ptr<Vocabulary::Printer> SubwordVocabulary::printer() const {
  return std::make_unique<SubwordPrinter>(model_);
}

void SubwordVocabulary::save(NamedState& state) const {
  const std::string& model = model_.serialized();
  const std::vector<std::uint8_t> bytes(model.begin(), model.end());
  state.put<std::uint8_t>(model_name, bytes, {bytes.size()}).attributes["meaning"] =
      "a SentencePiece model, as its own tools read it from a file; a token is a piece's number";
}

bool SubwordVocabulary::is_in(const NamedState& state) { return state.has(model_name); }

SubwordVocabulary SubwordVocabulary::load(const NamedState& state) {
  const std::array<std::uint64_t, 1> shape{state.get(model_name).elements()};
  const auto bytes = state.get<std::uint8_t>(model_name, shape);
  return SubwordVocabulary(SubwordModel(std::string(bytes.begin(), bytes.end())));
}

}  // namespace rondo
