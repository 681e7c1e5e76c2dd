#include "rondo/data/stream_windows.hpp"

#include <algorithm>
#include <iterator>

#include "data/windows/document_order.hpp"
#include "data/windows/stream_reader.hpp"

namespace rondo {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

}  // namespace

std::unique_ptr<WindowReader> StreamWindows::reader(const LaneLayout& layout) const {
  return std::make_unique<StreamReader>(*tokens_, layout);
}

WindowCuts StreamWindows::cuts(const LaneLayout& layout) const {
  return {layout.lengths(), divide_up(tokens_->size(), layout.lanes)};
}

std::int64_t StreamWindows::windows_of(std::int64_t epochs, const LaneLayout& layout) const {
  return cuts(layout).windows_of(epochs);
}

std::int64_t StreamWindows::epoch_of(std::int64_t window, const LaneLayout& layout) const {
  return cuts(layout).cut(window).epoch;
}

void StreamWindows::check_cursors(const NamedState& state, std::int64_t lanes) const {
  const std::uint64_t cursors[] = {static_cast<std::uint64_t>(lanes)};
  state.get<std::int64_t>("lanes/cursor", cursors);
}

StreamWindows::Place StreamWindows::place(const LaneLayout& layout, std::int64_t window,
                                          std::int64_t lane) const {
  const std::int64_t size = tokens_->size();
  const std::int64_t end = std::min((lane + 1) * divide_up(size, layout.lanes), size);
  const std::int64_t at = StreamCursors(size, layout)(lane, window);
  if (at >= end) return {};
  const std::vector<std::int64_t>& starts = tokens_->documents();
  DocumentOrder order(starts, size, layout.seed, layout.shuffle);
  order.set_epoch(epoch_of(window, layout));
  const std::int64_t source = order.place(at).source;
  const auto next = std::ranges::upper_bound(starts, source);
  return {next - starts.begin() - 1, source - *std::prev(next)};
}

std::uint64_t StreamWindows::bytes(const LaneLayout& layout) const {
  return StreamReader::bytes(*tokens_, layout) + 2 * StreamReader::window_bytes(*tokens_, layout) +
         tokens_->documents().size() * sizeof(std::int64_t);
}

StreamCursors::StreamCursors(std::int64_t tokens, const LaneLayout& layout)
    : tokens_(tokens),
      lane_tokens_(divide_up(tokens, layout.lanes)),
      cuts_(layout.lengths(), lane_tokens_) {}

std::int64_t StreamCursors::operator()(std::int64_t lane, std::int64_t window) {
  const std::int64_t end = std::min((lane + 1) * lane_tokens_, tokens_);
  return std::min(lane * lane_tokens_ + cuts_.cut(window).start, end);
}

}  // namespace rondo
