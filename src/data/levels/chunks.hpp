// The chunks of a text that are cut into subwords one by one: a piece never reaches from one into
// the next, so that a chunk has the same tokens wherever it stands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo {

inline constexpr std::size_t longest_chunk = 512;  // bytes

// A chunk that is written as its bytes: a control character, such as a line's end, or the character
// U+2581, which stands for a space in the pieces.
inline bool is_spelled(std::string_view chunk) {
  const auto first = static_cast<unsigned char>(chunk.front());
  return first < 0x20 || first == 0x7F || chunk == "\u2581";
}

// Cuts text into chunks, piece by piece: in front of each space, around what is_spelled(), and
// before a chunk would grow beyond longest_chunk. Together they are the text.
class ChunkScanner {
 public:
  // Calls use(chunk) for each chunk that ends in `text`, which is whole code points; the last one
  // may go on in the next piece.
  template <class Use>
  void feed(std::string_view text, Use&& use) {
    std::size_t start = 0;  // of the chunk that is being read
    for (std::size_t at = 0; at < text.size();) {
      const Step step = step_at(text, at, kept_.size() + at - start);
      if (step.cut) {
        end(text.substr(start, at - start), use);
        start = at;
      }
      at += step.bytes;
      if (step.spelled) {
        use(text.substr(start, step.bytes));
        start = at;
      }
    }
    kept_ += text.substr(start);
  }
  // The text ends, or what comes is another's.
  template <class Use>
  void finish(Use&& use) {
    end({}, use);
  }

 private:
  struct Step {
    std::size_t bytes = 1;
    bool cut = false;      // a chunk ends before it
    bool spelled = false;  // it is a chunk
  };
  // At the beginning of a code point; `before`: bytes of the chunk so far.
  static Step step_at(std::string_view text, std::size_t at, std::size_t before) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == ' ') return {1, true, false};
    const std::size_t bytes = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    if (is_spelled(text.substr(at, bytes))) return {bytes, true, true};
    return {bytes, before + bytes > longest_chunk, false};
  }

  template <class Use>
  void end(std::string_view part, Use&& use) {
    if (!kept_.empty()) {
      kept_ += part;
      part = kept_;
    }
    if (!part.empty()) use(part);
    kept_.clear();
  }

  std::string kept_;  // the beginning of a chunk that may go on in the next piece
};

}  // namespace rondo
