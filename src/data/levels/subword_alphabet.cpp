#include "data/levels/subword_alphabet.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "data/levels/chunks.hpp"
#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Calls use(code_point) for all characters of a chunk but the space.
template <class Use>
void for_each_character(std::string_view chunk, const Use& use) {
  utf8::for_each_byte(chunk, [&](std::int32_t code_point, std::int32_t whole) {
    if (whole == 1 && code_point != ' ') use(code_point);
  });
}

std::set<std::int32_t> alphabet_of(const ChunkCounts& chunks, int size) {
  std::map<std::int32_t, std::int64_t> occurrences;
  std::int64_t total = 0;
  for (const auto& [chunk, count] : chunks) {
    if (is_spelled(chunk)) continue;
    for_each_character(chunk, [&, times = count](std::int32_t code_point) {
      occurrences[code_point] += times;
      total += times;
    });
  }
  std::vector<std::pair<std::int64_t, std::int32_t>> order;
  order.reserve(occurrences.size());
  for (const auto& [code_point, count] : occurrences) order.emplace_back(-count, code_point);
  std::sort(order.begin(), order.end());
  const bool all = static_cast<std::int64_t>(order.size()) <= size / 4;
  std::set<std::int32_t> alphabet;
  std::int64_t left = total;
  for (const auto& [minus_count, code_point] : order) {
    if (!all && left <= total / 2000) break;
    alphabet.insert(code_point);
    left += minus_count;
  }
  return alphabet;
}

}  // namespace

void check_subwords(const std::string& kind, std::int64_t size) {
  if (!SubwordModel::is_kind(kind)) {
    throw_input("--subword-model takes bpe or unigram, not \"{}\"", kind);
  }
  if (size < smallest_subwords || size > largest_subwords) {
    throw_input("--vocabulary-size is {} to {} for subwords, not {}", smallest_subwords,
                largest_subwords, size);
  }
}

SubwordModel::Counts to_learn_from(const ChunkCounts& chunks, int size) {
  const std::set<std::int32_t> alphabet = alphabet_of(chunks, size);
  if (alphabet.empty()) throw_input("the split 'train' has no characters to learn subwords from");
  const int needed = smallest_subwords - 1 + static_cast<int>(alphabet.size());
  if (size < needed) {
    throw_input(
        "--vocabulary-size {} is too small for this text: <unk>, 256 bytes, the space and its {} "
        "characters are subwords in any case; give at least {}",
        size, alphabet.size(), needed);
  }
  SubwordModel::Counts wanted;
  for (const auto& [chunk, count] : chunks) {
    bool known = !is_spelled(chunk);
    for_each_character(
        chunk, [&](std::int32_t code_point) { known = known && alphabet.contains(code_point); });
    if (known) wanted.emplace_back(chunk, count);
  }
  return wanted;
}

}  // namespace rondo
