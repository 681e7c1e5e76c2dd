// What a token is: the part of `rondo prepare` that differs between characters, words and subwords.
//
// Adding a level: a class, a line in the table of text_level.cpp, a Vocabulary.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/text/text_passes.hpp"
#include "rondo/data/vocabulary.hpp"

namespace rondo {

// Called in this order: survey, then the others.
class TextLevel {
 public:
  virtual ~TextLevel() = default;
  // Decides on the vocabulary; returns `parts`, which count characters, in tokens. InputError for a
  // part without any.
  virtual std::vector<Part> survey(const TextInput& input, const std::vector<Part>& parts) = 0;
  virtual const Vocabulary& vocabulary() const = 0;
  // How often each token occurs ("vocabulary/counts"), and in which text that is.
  virtual std::vector<std::int64_t> counts() const = 0;
  virtual const char* counted_in() const = 0;
  // Tokens of part i that stand for what is unknown.
  virtual std::int64_t unknown(std::size_t part) const = 0;
  // Writes the tokens of `parts` (in characters, as for survey) as elements of `type` (uint8,
  // uint16 or int32); array i of the writer is parts[i]. InputError if the text is not what was
  // counted.
  virtual void write(const TextInput& input, const std::vector<Part>& parts, ElementType type,
                     DatasetWriter& writer) const = 0;
};

// By options.level, or the level of a vocabulary that is given, for a text whose characters are
// counted. InputError for an unknown level, for options that are another level's and for those that
// do not go with a given vocabulary. `characters` outlives the level.
std::unique_ptr<TextLevel> make_text_level(const PrepareOptions& options,
                                           const TextSurvey& characters);

}  // namespace rondo
