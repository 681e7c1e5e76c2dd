// What n-grams are counted in: a trie over tokens, and the walk over a source that feeds it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rondo/data/text_dataset.hpp"

namespace rondo::ngrams {

// An n-gram is a node of a trie, named by a number; the empty one is node 0.
using Node = std::uint32_t;
inline constexpr Node root = 0;
inline constexpr Node none = UINT32_MAX;

// (node, token) -> the node of the n-gram one token longer. Open addressing with linear probing.
class ChildTable {
 public:
  ChildTable() : slots_(std::size_t{1} << 16) {}

  Node find(Node parent, std::int32_t token) const {
    return slots_[slot_of(key_of(parent, token))].child;
  }

  // `fresh` is the child's name if there is none yet.
  Node find_or_add(Node parent, std::int32_t token, Node fresh) {
    const std::uint64_t key = key_of(parent, token);
    Slot& slot = slots_[slot_of(key)];
    if (slot.child != none) return slot.child;
    slot = {key, fresh};
    if (++used_ > slots_.size() / 2) grow();
    return fresh;
  }

  // Calls use(parent, token, child) for every n-gram, in no particular order.
  template <class Use>
  void for_each(Use&& use) const {
    for (const Slot& slot : slots_) {
      if (slot.child == none) continue;
      use(static_cast<Node>(slot.key >> 32), static_cast<std::int32_t>(slot.key), slot.child);
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Node child = none;
  };

  static std::uint64_t key_of(Node parent, std::int32_t token) {
    return std::uint64_t{parent} << 32 | static_cast<std::uint32_t>(token);
  }

  // Where the key lies, or the free slot where it belongs.
  std::size_t slot_of(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::uint64_t mixed = key * 0x9E3779B97F4A7C15U;  // Fibonacci hashing
    mixed ^= mixed >> 32;
    std::size_t at = mixed & mask;
    while (slots_[at].child != none && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.child != none) slots_[slot_of(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

// Calls `document()` where a document starts and `token(t)` for every token, in order.
template <class Document, class Token>
void walk(const TokenSource& source, Document&& document, Token&& token) {
  constexpr std::int64_t piece = 1 << 16;
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(std::min(piece, source.size())));
  auto start = source.documents().begin();
  for (std::int64_t first = 0; first < source.size(); first += piece) {
    const std::int64_t count = std::min(piece, source.size() - first);
    source.read(first, std::span(tokens).first(static_cast<std::size_t>(count)));
    for (std::int64_t i = 0; i < count; ++i) {
      if (start != source.documents().end() && *start == first + i) {
        document();
        ++start;
      }
      token(tokens[static_cast<std::size_t>(i)]);
    }
  }
}

}  // namespace rondo::ngrams
