// Tokens of one part of a data set after another, in pieces of about a megabyte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rondo/io/dataset_file.hpp"

namespace rondo {

template <class Token>
class PartWriter {
 public:
  // Array i of the writer takes the tokens of part i. Between two calls of `added` at most `most`
  // tokens are written to room().
  PartWriter(DatasetWriter& writer, std::size_t most) : writer_(writer), tokens_(piece + most) {}

  Token* room() { return tokens_.data() + size_; }
  void added(std::size_t count) {
    size_ += count;
    if (size_ >= piece) flush();
  }
  void end_part() {
    flush();
    ++part_;
  }

 private:
  static constexpr std::size_t piece = (std::size_t{1} << 20) / sizeof(Token);

  void flush() {
    if (size_ > 0) writer_.append(part_, std::as_bytes(std::span(tokens_).first(size_)));
    size_ = 0;
  }

  DatasetWriter& writer_;
  std::size_t part_ = 0;
  std::vector<Token> tokens_;
  std::size_t size_ = 0;  // of `tokens_` that are not written yet
};

// Calls body.template operator()<Token>() with the C++ type of a data set's tokens.
template <class Body>
void with_token_type(ElementType type, const Body& body) {
  if (type == ElementType::uint8) {
    body.template operator()<std::uint8_t>();
  } else if (type == ElementType::uint16) {
    body.template operator()<std::uint16_t>();
  } else {
    body.template operator()<std::int32_t>();
  }
}

}  // namespace rondo
