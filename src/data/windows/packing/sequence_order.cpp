#include "data/windows/packing/sequence_order.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "rondo/core/random.hpp"

namespace rondo {
namespace {

// So many records of a bucket on average, where that is not too many buckets to write to in turn.
constexpr std::size_t bucket_records = 4096;
constexpr unsigned most_bucket_bits = 11;

unsigned bits_of(std::size_t x) { return static_cast<unsigned>(std::bit_width(x)); }

unsigned bucket_bits_of(std::size_t sequences) {
  return std::min(bits_of(sequences / bucket_records), most_bucket_bits);
}

// At least 1, so that it can be shifted by.
unsigned part_bits_of(std::size_t records, unsigned bucket_bits) {
  return std::clamp(bits_of(records), 1U, 32 - bucket_bits);
}

void starts_from_counts(std::span<std::uint32_t> counts) {
  std::exclusive_scan(counts.begin(), counts.end(), counts.begin(), std::uint32_t{0});
}

// Of the largest bucket, ten deviations above the average.
std::size_t likely_largest(std::size_t sequences) {
  const std::size_t average = sequences >> bucket_bits_of(sequences);
  std::size_t root = 1;
  while (root * root < average) ++root;
  return std::min(sequences, average + 10 * root);
}

}  // namespace

SequenceOrder::SequenceOrder(std::span<const std::int32_t> lengths, std::uint64_t seed,
                             bool shuffle)
    : lengths_(lengths), seed_(seed), shuffle_(shuffle) {
  if (shuffle) {
    bucket_bits_ = bucket_bits_of(lengths.size());
    length_bits_ = std::min(32 + bucket_bits_ - bits_of(lengths.size() - 1), 31U);
    rest_ = (std::uint64_t{1} << (32 + bucket_bits_)) - 1;
    most_length_ = (std::uint32_t{1} << length_bits_) - 1;
    records_.resize(lengths.size());
    ends_.resize(std::size_t{1} << bucket_bits_);
    make_room(likely_largest(lengths.size()));
  }
  start(0);
}

std::uint64_t SequenceOrder::bytes(std::size_t sequences, bool shuffle) {
  if (!shuffle) return 0;
  const unsigned bucket_bits = bucket_bits_of(sequences);
  const std::size_t largest = likely_largest(sequences);
  return (sequences + largest) * sizeof(std::uint64_t) +
         ((std::size_t{1} << bucket_bits) +
          (std::size_t{1} << part_bits_of(largest, bucket_bits))) *
             sizeof(std::uint32_t);
}

void SequenceOrder::make_room(std::size_t records) {
  unsorted_.resize(records);
  places_.resize(std::size_t{1} << part_bits_of(records, bucket_bits_));
}

template <class Visit>
void SequenceOrder::for_each_key(std::int64_t epoch, Visit visit) const {
  const RandomStream stream(seed_, Purpose::sequence_order, static_cast<std::uint64_t>(epoch));
  const auto sequences = static_cast<std::uint32_t>(lengths_.size());
  for (std::uint32_t i = 0; i < sequences; i += 4) {
    const RandomStream::Block keys = stream.block(i / 4);
    const std::uint32_t count = std::min<std::uint32_t>(4, sequences - i);
    for (std::uint32_t word = 0; word < count; ++word) visit(keys[word], i + word);
  }
}

// The keys are drawn twice, which is faster than to keep them, and takes no memory.
void SequenceOrder::start(std::int64_t epoch) {
  place_ = sorted_ = bucket_ = 0;
  if (!shuffle_) return;
  std::fill(ends_.begin(), ends_.end(), 0);
  for_each_key(epoch, [this](std::uint32_t key, std::uint32_t) { ++ends_[bucket_of(key)]; });
  const std::size_t largest = *std::max_element(ends_.begin(), ends_.end());
  if (largest > unsorted_.size()) make_room(largest);
  starts_from_counts(ends_);
  for_each_key(epoch, [this](std::uint32_t key, std::uint32_t sequence) {
    const auto length = static_cast<std::uint32_t>(lengths_[sequence]);
    const std::uint64_t rest = std::uint64_t{key} << (32 + bucket_bits_);
    records_[ends_[bucket_of(key)]++] =
        rest | std::uint64_t{sequence} << length_bits_ | (length <= most_length_ ? length : 0);
  });
}

// By key, then sequence. The keys of a bucket share their first bits, and are even in the next
// ones: spread over as many parts as there are records, they are nearly sorted.
void SequenceOrder::sort(std::span<std::uint64_t> records) {
  const unsigned part_bits = part_bits_of(records.size(), bucket_bits_);
  const auto part = [part_bits](std::uint64_t record) { return record >> (64 - part_bits); };
  std::copy(records.begin(), records.end(), unsorted_.begin());
  const std::span<const std::uint64_t> unsorted{unsorted_.data(), records.size()};
  const std::span<std::uint32_t> places{places_.data(), std::size_t{1} << part_bits};
  std::fill(places.begin(), places.end(), 0);
  for (const std::uint64_t record : unsorted) ++places[part(record)];
  starts_from_counts(places);
  for (const std::uint64_t record : unsorted) records[places[part(record)]++] = record;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const std::uint64_t record = records[i];
    std::size_t place = i;
    for (; place > 0 && records[place - 1] > record; --place) records[place] = records[place - 1];
    records[place] = record;
  }
}

void SequenceOrder::sort_bucket() {
  std::size_t end = sorted_;
  while (end == sorted_) end = ends_[bucket_++];
  sort({records_.data() + sorted_, end - sorted_});
  sorted_ = end;
}

}  // namespace rondo
