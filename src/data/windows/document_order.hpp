// The order of documents in an epoch, and where a position of the epoch's concatenation lies.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace rondo {

// A function of (documents, seed, epoch) alone: shuffled documents are sorted by a random 64-bit
// key (words 0 and 1, low first, of Philox block (index mod 2^32, index / 2^32) for purpose
// document_order and the epoch), ties by index. Allocates in its constructor only.
class DocumentOrder {
 public:
  // `starts`: token offsets where documents start, ascending from 0; `size`: tokens in all.
  DocumentOrder(const std::vector<std::int64_t>& starts, std::int64_t size, std::uint64_t seed,
                bool shuffle);

  // Bytes that an order of so many documents allocates.
  static std::uint64_t bytes(std::size_t documents) {
    return documents * (sizeof(std::pair<std::uint64_t, std::int64_t>) + sizeof(std::int64_t));
  }

  void set_epoch(std::int64_t epoch);

  // Document at place `place` of the epoch.
  std::int64_t document(std::int64_t place) const {
    return order_[static_cast<std::size_t>(place)].second;
  }

  struct Position {
    std::int64_t source;  // token offset in the source
    std::int64_t before;  // tokens of the same document before it; 0: the document starts here
    std::int64_t rest;    // tokens of the same document from it on, at least 1
  };
  // Where position [0, size) of the epoch's concatenation lies: binary search.
  Position place(std::int64_t position) const;

 private:
  std::int64_t length(std::int64_t document) const;

  const std::vector<std::int64_t>& starts_;
  std::int64_t size_;
  std::uint64_t seed_;
  bool shuffle_;
  std::vector<std::pair<std::uint64_t, std::int64_t>> order_;  // key, document
  std::vector<std::int64_t> ends_;  // of the documents in the concatenation, in this order
};

}  // namespace rondo
