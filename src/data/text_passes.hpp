// The passes over the text of which `rondo prepare` consists.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/split_plan.hpp"
#include "data/text_reader.hpp"
#include "rondo/data/text_dataset.hpp"

namespace rondo {

// How often each code point occurs, and how long each document is.
class TextSurvey {
 public:
  TextSurvey();

  // Counts all text of `files`; returns the lengths of their documents, without empty ones.
  std::vector<std::int64_t> count(std::span<const TextFile> files,
                                  const std::optional<std::string>& separator);
  // All code points that occurred, by count descending, then code point ascending.
  Vocabulary vocabulary() const;
  std::int64_t occurrences(std::int32_t code_point) const {
    return counts_[static_cast<std::size_t>(code_point)];
  }

 private:
  std::vector<std::int64_t> counts_;  // by code point
};

// For each of two ascending positions, in characters of the text without its separators, the first
// end of a line (or of a document) at or behind it.
std::array<std::int64_t, 2> find_line_ends(std::span<const TextFile> files,
                                           const std::optional<std::string>& separator,
                                           std::array<std::int64_t, 2> positions);

// Writes the tokens of `files`, part by part, as elements of `type` (uint8, uint16 or int32); array
// i of the writer is parts[i]. InputError if the text is not what was counted.
void write_tokens(std::span<const TextFile> files, const std::optional<std::string>& separator,
                  const Vocabulary& vocabulary, const std::vector<Part>& parts, ElementType type,
                  DatasetWriter& writer);

}  // namespace rondo
