// What the tokens of a text stand for: characters, words or subwords.
//
// Adding a level is a vocabulary (src/data/*_vocabulary.hpp), a line in vocabulary.cpp and what
// `rondo prepare` does for it (src/data/levels/text_level.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/core/named_state.hpp"

namespace rondo {

// What a kind of token is to those who do not know it. Each vocabulary has one, said there alone.
struct LevelTraits {
  const char* name;                // of --level, and in the description of a data set
  const char* tokens;              // what people call them: "characters"
  bool are_characters = false;     // each is one: losses are told in bits a character
  bool leave_out_unknown = false;  // one token stands for all parts of a text that have none
};

class Vocabulary {
 public:
  virtual ~Vocabulary() = default;

  virtual const LevelTraits& traits() const = 0;
  const char* level() const { return traits().name; }
  virtual int size() const = 0;
  // UTF-8 to tokens. InputError for invalid UTF-8 and, where there is no token for what is unknown,
  // for an unknown character (with the nearest offer).
  virtual std::vector<std::int32_t> encode(std::string_view text) const = 0;
  // Distinct parts of `text` that encode() replaces by the token for the unknown, as they stand
  // there, in their order.
  virtual std::vector<std::string> unknown_in(std::string_view text) const = 0;
  // The token that stands for all that is unknown, -1 if there is none. Nobody wants to read it:
  // generation does not draw it.
  virtual std::int32_t unknown() const = 0;
  // Of a column that has steps of its own (columns.hpp): the token that ends what is said, and
  // stands before its first symbol. -1 if there is none.
  virtual std::int32_t end() const { return -1; }

  // Writes tokens one after another, as text that reads well: what is put before a word depends on
  // those before it.
  class Printer {
   public:
    virtual ~Printer() = default;
    // The text that `token` adds. RunError for a token outside of the vocabulary.
    virtual std::string print(std::int32_t token) = 0;
  };
  // A printer at the beginning of a text; the vocabulary must outlive it.
  virtual std::unique_ptr<Printer> printer() const = 0;
  std::string decode(std::span<const std::int32_t> tokens) const;

  virtual void save(NamedState& state) const = 0;  // arrays "vocabulary/..."
};

// The vocabulary that a data set or a checkpoint holds. InputError if there is none, or none that a
// text can have.
std::shared_ptr<const Vocabulary> load_vocabulary(const NamedState& state);

// Whether tokens mean the same in both.
bool same_vocabulary(const Vocabulary& a, const Vocabulary& b);

}  // namespace rondo
