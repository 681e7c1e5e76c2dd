// The sequences of an epoch in its order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rondo {

// A function of (number of sequences, seed, epoch) alone: shuffled sequences are sorted by a random
// 32-bit key (word i mod 4 of Philox block i / 4 for purpose sequence_order and the epoch), ties by
// number. The keys are spread over buckets at an epoch's start, and a bucket is sorted when its
// turn comes: both work on memory that is near, which a sort of the whole would not. Allocates in
// its constructor only, unless a bucket is ten deviations too large.
class SequenceOrder {
 public:
  // At most 2^31 - 1 sequences; `lengths` outlives it. Stands before epoch 0.
  SequenceOrder(std::span<const std::int32_t> lengths, std::uint64_t seed, bool shuffle);

  static std::uint64_t bytes(std::size_t sequences, bool shuffle);

  struct Item {
    std::uint32_t sequence;
    std::int32_t length;
  };

  void start(std::int64_t epoch);
  bool done() const { return place_ == lengths_.size(); }
  // The next of the epoch; not when done.
  Item next() {
    if (!shuffle_) {
      const std::size_t place = place_++;
      return {static_cast<std::uint32_t>(place), lengths_[place]};
    }
    if (place_ == sorted_) sort_bucket();
    const std::uint64_t record = records_[place_++];
    const auto sequence = static_cast<std::uint32_t>((record & rest_) >> length_bits_);
    const auto length = static_cast<std::int32_t>(record & most_length_);
    return {sequence, length != 0 ? length : lengths_[sequence]};
  }

 private:
  std::size_t bucket_of(std::uint32_t key) const {
    return static_cast<std::size_t>((std::uint64_t{key} << bucket_bits_) >> 32);
  }
  template <class Visit>
  void for_each_key(std::int64_t epoch, Visit visit) const;
  void make_room(std::size_t records);  // for sorting so many
  void sort_bucket();
  void sort(std::span<std::uint64_t> records);

  std::span<const std::int32_t> lengths_;
  std::uint64_t seed_;
  bool shuffle_;
  unsigned bucket_bits_ = 0;

  // A record, from its high bits: the key without the first bits, which the bucket says; the
  // sequence; its length, where it is not too long for the bits that are left, else 0. So sorting
  // sorts by key, then sequence, and the lengths are seldom read out of order.
  unsigned length_bits_ = 0;
  std::uint32_t most_length_ = 0;
  std::uint64_t rest_ = 0;  // all but the key

  std::size_t place_ = 0;                // of the next
  std::size_t sorted_ = 0;               // places whose records are sorted
  std::size_t bucket_ = 0;               // buckets that are sorted
  std::vector<std::uint64_t> records_;   // by place
  std::vector<std::uint32_t> ends_;      // of the buckets: places
  std::vector<std::uint64_t> unsorted_;  // a bucket's records
  std::vector<std::uint32_t> places_;    // in a bucket, of the next record of each part
};

}  // namespace rondo
