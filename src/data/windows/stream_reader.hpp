// Cuts a stream's windows out of a token source.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/windows/document_order.hpp"
#include "rondo/data/stream_windows.hpp"

namespace rondo {

// Reads only what this rank's lanes need: up to the end of the lane's part and the one target
// behind it, in runs of at most run_tokens that end with a document or with the part.
class StreamReader final : public WindowReader {
 public:
  static constexpr std::int64_t run_tokens = 4096;  // at least; a window and its last target fit

  // InputError for a layout without lanes or window, or whose lanes are not [first, last) of them.
  StreamReader(const TokenSource& source, const LaneLayout& layout);

  // Bytes that a reader of this layout allocates, and each window that it fills.
  static std::uint64_t bytes(const TokenSource& source, const LaneLayout& layout);
  static std::uint64_t window_bytes(const TokenSource& source, const LaneLayout& layout);

  void read(std::int64_t index, Window& window) override;
  void save_cursors(std::int64_t window, NamedState& state) override;

 private:
  // A stretch of the source that a lane holds in memory.
  struct Run {
    std::int64_t first = 0;
    std::int64_t count = 0;
    std::vector<std::int32_t> tokens;
  };

  std::int64_t part_end(std::int64_t lane) const;
  void read_lane(std::int64_t lane, std::int64_t start, Window& window);
  // Tokens [first, first + count) of the source out of the lane's run, which is read anew if they
  // are not in it; `useful` >= count tokens from `first` on will be asked for in turn.
  const std::int32_t* tokens(Run& run, std::int64_t first, std::int64_t count,
                             std::int64_t useful) const;

  const TokenSource& source_;
  LaneLayout layout_;
  std::int64_t size_;
  std::int64_t lane_tokens_;
  WindowCuts cuts_;        // the reading thread's
  StreamCursors cursors_;  // the caller's
  std::int64_t epoch_ = 0;
  DocumentOrder order_;
  std::vector<Run> runs_;  // of each of this rank's lanes
};

}  // namespace rondo
