#include "tasks/decoding/texts_of_ranks.hpp"

#include <cstddef>
#include <cstring>

namespace rondo::tasks {
namespace {

using Symbols = std::vector<std::int32_t>;

}  // namespace

void append_text(std::int64_t sequence, std::span<const std::int32_t> text,
                 std::vector<std::int32_t>& own) {
  own.push_back(static_cast<std::int32_t>(sequence));
  own.push_back(static_cast<std::int32_t>(text.size()));
  own.insert(own.end(), text.begin(), text.end());
}

std::vector<Symbols> united_texts(Communicator& world, std::size_t sequences,
                                  const std::vector<std::int32_t>& own) {
  std::vector<std::byte> all;
  for (const auto& of_rank : gather(world, std::as_bytes(std::span(own)), 0)) {
    all.insert(all.end(), of_rank.begin(), of_rank.end());
  }
  broadcast(world, all, 0);
  std::vector<std::int32_t> values(all.size() / sizeof(std::int32_t));
  if (!all.empty()) std::memcpy(values.data(), all.data(), all.size());
  std::vector<Symbols> texts(sequences);
  for (auto at = values.begin(); at != values.end();) {
    Symbols& text = texts[static_cast<std::size_t>(*at++)];
    const std::int32_t length = *at++;
    text.assign(at, at + length);
    at += length;
  }
  return texts;
}

Symbols given_text(const SequenceSource& sequences, int column, std::size_t sequence) {
  const auto starts = sequences.second_starts();
  Symbols text(static_cast<std::size_t>(starts[sequence + 1] - starts[sequence]));
  sequences.read(column, starts[sequence], text);
  return text;
}

}  // namespace rondo::tasks
