// The subwords of chunks (data/levels/chunks.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/vocabularies/subword_vocabulary.hpp"

namespace rondo {

// The tokens of chunks; remembers them, as words come again and again.
class ChunkEncoder {
 public:
  explicit ChunkEncoder(const SubwordVocabulary& vocabulary) : vocabulary_(vocabulary) {}

  // Valid until the next call.
  const std::vector<std::int32_t>& operator()(std::string_view chunk) {
    const auto found = known_.find(chunk);
    if (found != known_.end()) return found->second;
    tokens_.clear();
    vocabulary_.encode_chunk(chunk, tokens_);
    if (known_.size() == most_remembered) return tokens_;
    return known_.emplace(chunk, tokens_).first->second;
  }

 private:
  static constexpr std::size_t most_remembered = std::size_t{1} << 20;  // chunks

  const SubwordVocabulary& vocabulary_;
  std::map<std::string, std::vector<std::int32_t>, std::less<>> known_;
  std::vector<std::int32_t> tokens_;
};

}  // namespace rondo
