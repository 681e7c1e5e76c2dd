// Packed lanes of a stream of tokens: sequences end to end, with reset bits.
//
// Lane l of epoch e walks tokens [l n, (l + 1) n) of that epoch's concatenation, n = ceil(N /
// lanes), the tail masked. The order of documents is a function of seed and epoch (or the file's
// own order). State is fresh at the start of an epoch and of a document: reset bits may fall
// anywhere inside a window. The target of position i is token i + 1 of the same document, taken
// from the next lane's part at a lane's end; a document's last position is masked.
#pragma once

#include <cstdint>
#include <memory>

#include "rondo/data/batcher.hpp"
#include "rondo/data/text_dataset.hpp"

namespace rondo {

// The columns of a stream's windows.
enum StreamColumn : int { stream_inputs = 0, stream_targets = 1 };

// Windows of a source of tokens.
class StreamWindows final : public WindowSource {
 public:
  explicit StreamWindows(std::unique_ptr<TokenSource> tokens) : tokens_(std::move(tokens)) {}

  std::unique_ptr<WindowReader> reader(const LaneLayout& layout) const override;
  std::int64_t windows_of(std::int64_t epochs, const LaneLayout& layout) const override;
  std::int64_t epoch_of(std::int64_t window, const LaneLayout& layout) const override;
  std::int64_t longest_window(const LaneLayout& layout) const override {
    return layout.lengths().longest();
  }
  void check_cursors(const NamedState& state, std::int64_t lanes) const override;
  std::uint64_t bytes(const LaneLayout& layout) const override;

  const TokenSource& tokens() const { return *tokens_; }

  // Where a lane stands before a window: its next token's document, numbered in the file's order,
  // and place in it, both from 0. Document -1: the lane is at its end. Slow: it orders an epoch's
  // documents.
  struct Place {
    std::int64_t document = -1, token = 0;
  };
  Place place(const LaneLayout& layout, std::int64_t window, std::int64_t lane) const;

 private:
  WindowCuts cuts(const LaneLayout& layout) const;

  std::unique_ptr<TokenSource> tokens_;
};

// Where a lane stands before each window of a stream of so many tokens: its next token's offset
// within the epoch's concatenation. Fast for all lanes of one window, and of later ones.
class StreamCursors {
 public:
  StreamCursors(std::int64_t tokens, const LaneLayout& layout);
  std::int64_t operator()(std::int64_t lane, std::int64_t window);

 private:
  std::int64_t tokens_, lane_tokens_;
  WindowCuts cuts_;
};

}  // namespace rondo
