// The trained model behind subwords: SentencePiece's, kept behind this file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo {

class SubwordModel {
 public:
  // InputError unless `serialized` is a model as train() makes them.
  explicit SubwordModel(std::string serialized);
  ~SubwordModel();
  SubwordModel(SubwordModel&&) noexcept;
  SubwordModel& operator=(SubwordModel&&) noexcept;

  // Tokens: <unk>, which encode() never gives, the end, where there is one, which it does not give
  // either, 256 bytes, then the pieces.
  int size() const;
  std::int32_t unknown() const;
  std::int32_t end() const;  // -1: there is none
  std::int32_t byte(std::uint8_t value) const { return bytes_[value]; }
  // What a token stands for in a text: a piece in UTF-8, or a single byte. `token` is in range.
  const std::string& text(std::int32_t token) const {
    return texts_[static_cast<std::size_t>(token)];
  }
  // Appends the tokens of a chunk (data/chunks.hpp) that is_spelled() does not take; characters
  // that are no piece become their bytes.
  void encode(std::string_view chunk, std::vector<std::int32_t>& tokens) const;
  const std::string& serialized() const { return serialized_; }

  using Counts = std::vector<std::pair<std::string, std::int64_t>>;  // chunk, how often
  // "bpe" or "unigram".
  static bool is_kind(std::string_view kind);
  // Learns from different chunks, in the order given, none of which is_spelled() takes. At most
  // `size` tokens: fewer where the chunks do not have as many pieces. On one thread, without random
  // numbers: the same chunks give the same model, for "bpe", which counts in integers, on any
  // machine with the same version of the library. `with_end`: a token ends what is said. InputError
  // for what the library refuses.
  static std::string train(std::string_view kind, int size, const Counts& chunks,
                           bool with_end = false);

 private:
  class Library;  // SentencePiece's processor
  std::string serialized_;
  std::unique_ptr<Library> library_;
  std::vector<std::string> texts_;
  std::vector<std::int32_t> bytes_;
};

}  // namespace rondo
