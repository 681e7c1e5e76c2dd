// Texts that ranks have found, each of other sequences, and texts that were given.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo::tasks {

// Adds a sequence's text to those of a rank.
void append_text(std::int64_t sequence, std::span<const std::int32_t> text,
                 std::vector<std::int32_t>& own);
// The texts of all ranks, each by its sequence's number, on every rank. Collective.
std::vector<std::vector<std::int32_t>> united_texts(Communicator& world, std::size_t sequences,
                                                    const std::vector<std::int32_t>& own);

// The target of a sequence that has steps of its own, its end included; -1 alone: it is not given.
std::vector<std::int32_t> given_text(const SequenceSource& sequences, int column,
                                     std::size_t sequence);

// What was said of a split's first sequences beside what was given, where something was, in words.
struct GivenAndSaid {
  std::vector<std::string> given, said;
  std::vector<std::int64_t> sequences;  // their numbers
};
GivenAndSaid given_and_said(const SequenceSource& sequences, const Columns& columns,
                            const std::vector<std::vector<std::int32_t>>& texts);

}  // namespace rondo::tasks
