#include "tasks/decoding/texts_of_ranks.hpp"

#include <cstddef>
#include <cstring>

#include "tasks/decoding/said_column.hpp"
#include "tasks/figures/text_figures.hpp"

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

GivenAndSaid given_and_said(const SequenceSource& sequences, const Columns& columns,
                            const std::vector<Symbols>& texts) {
  const Column& column = *said_column_of(columns);
  const auto number = static_cast<int>(&column - columns.data());
  GivenAndSaid all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Symbols target = given_text(sequences, number, i);
    if (target.front() < 0) continue;  // not given
    all.given.push_back(text_of(column, target));
    all.said.push_back(text_of(column, texts[i]));
    all.sequences.push_back(static_cast<std::int64_t>(i));
  }
  return all;
}

}  // namespace rondo::tasks
