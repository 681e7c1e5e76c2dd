// Which characters of a text become pieces, and which chunks subwords are learned from.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "data/levels/subword_model.hpp"

namespace rondo {

// Bytewise order of chunks (data/chunks.hpp).
using ChunkCounts = std::map<std::string, std::int64_t, std::less<>>;

// <unk>, 256 bytes, the space, and a character.
inline constexpr int smallest_subwords = 259;

inline constexpr std::int64_t usual_subwords = 8000, largest_subwords = 1'000'000;

// InputError unless they are a kind of model and a number of subwords that one can have.
void check_subwords(const std::string& kind, std::int64_t size);

// The chunks for SubwordModel::train, whose characters all become pieces. These are all characters
// that occur where they are at most a quarter of `size`, else the most frequent ones that make up
// 99.95 % of the text (by count, then code point): a chunk with another one is left out, and so is
// what is_spelled(). InputError if nothing is left, and for a `size` that has no room for them.
SubwordModel::Counts to_learn_from(const ChunkCounts& chunks, int size);

}  // namespace rondo
