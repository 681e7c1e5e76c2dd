// The passes over the text of which `rondo prepare` consists, whatever its tokens are.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/text/split_plan.hpp"
#include "data/text/text_reader.hpp"

namespace rondo {

// What is read.
struct TextInput {
  std::span<const TextFile> files;
  DocumentRule rule = {};
};

// How often each code point occurs, and how long each document is.
class TextSurvey {
 public:
  TextSurvey();

  // Counts all text; returns the lengths of its documents in characters, without empty ones.
  std::vector<std::int64_t> count(const TextInput& input);
  std::int64_t occurrences(std::int32_t code_point) const {
    return counts_[static_cast<std::size_t>(code_point)];
  }

 private:
  std::vector<std::int64_t> counts_;  // by code point
};

// For each of two ascending positions, in characters of the text without its separators, the first
// place at or behind it that has one of the ASCII characters `marks` before it, or where a document
// ends.
std::array<std::int64_t, 2> find_ends(const TextInput& input, std::string_view marks,
                                      std::array<std::int64_t, 2> positions);

// Who takes the text of the parts, in their order.
class PartSink {
 public:
  virtual ~PartSink() = default;
  // Text of one part and one document, at most what a reader hands out at a time; returns its
  // characters.
  virtual std::int64_t write(std::string_view text) = 0;
  virtual void end_document() = 0;
  virtual void end_part() = 0;  // a document ends there too
};

// Hands the text to `sink`, part by part. InputError if it is not the text that was planned with.
void walk_parts(const TextInput& input, const std::vector<Part>& parts, PartSink& sink);

// InputError: it is not.
[[noreturn]] void fail_changed_text();

}  // namespace rondo
