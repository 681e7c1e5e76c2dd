#include "train/saved/state_transfer.hpp"

#include <cstring>
#include <numeric>

namespace rondo {
namespace {

// A message being built or taken apart: numbers and byte strings with their lengths.
class Writer {
 public:
  void number(std::uint64_t value) { bytes(std::as_bytes(std::span(&value, 1))); }
  void bytes(std::span<const std::byte> part) { data.insert(data.end(), part.begin(), part.end()); }
  void text(const std::string& value) {
    number(value.size());
    bytes(std::as_bytes(std::span(value)));
  }
  std::vector<std::byte> data;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> data) : data_(data) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::span<const std::byte> take(std::size_t size) {
    const auto part = data_.first(size);
    data_ = data_.subspan(size);
    return part;
  }
  std::string text() {
    const auto part = take(number());
    return {reinterpret_cast<const char*>(part.data()), part.size()};
  }

 private:
  std::span<const std::byte> data_;
};

// Small arrays, of which there are many, go in the message of the names: ranks wait for each other
// in each message.
bool goes_along(const NamedArray& array) { return array.bytes.size() <= 64 * 1024; }

}  // namespace

// Names, types, shapes and small arrays first, then the large arrays one by one from where they
// lie: rank 0 holds no second copy of what may be most of its memory.
NamedState broadcast_state(Communicator& world, NamedState state) {
  Writer writer;
  if (world.rank() == 0) {
    writer.number(state.texts.size());
    for (const auto& [name, value] : state.texts) {
      writer.text(name);
      writer.text(value);
    }
    writer.number(state.arrays().size());
    for (const auto& [name, array] : state.arrays()) {
      writer.text(name);
      writer.number(static_cast<std::uint64_t>(array.type));
      writer.number(array.shape.size());
      for (const std::uint64_t dimension : array.shape) writer.number(dimension);
      if (goes_along(array)) writer.bytes(array.bytes);
    }
  }
  broadcast(world, writer.data, 0);
  if (world.rank() != 0) {
    state = {};
    Reader reader(writer.data);
    for (std::uint64_t i = reader.number(); i > 0; --i) {
      const std::string name = reader.text();
      state.texts[name] = reader.text();
    }
    for (std::uint64_t i = reader.number(); i > 0; --i) {
      const std::string name = reader.text();
      const auto type = static_cast<ElementType>(reader.number());
      std::vector<std::uint64_t> shape(reader.number());
      for (std::uint64_t& dimension : shape) dimension = reader.number();
      NamedArray& array = state.add(name, type, std::move(shape));
      if (!goes_along(array)) continue;
      const auto bytes = reader.take(array.bytes.size());
      array.bytes.assign(bytes.begin(), bytes.end());
    }
  }
  for (auto& [name, array] : state.arrays()) {
    if (!goes_along(array)) world.broadcast(array.bytes, 0);
  }
  return state;
}

NamedState gather_rows(Communicator& world, const NamedState& mine) {
  Writer writer;
  std::size_t bytes = 0;
  for (const auto& [name, array] : mine.arrays())
    bytes += sizeof(std::uint64_t) + array.bytes.size();
  writer.data.reserve(bytes);
  for (const auto& [name, array] : mine.arrays()) {
    writer.number(array.shape[0]);
    writer.bytes(array.bytes);
  }
  const std::vector<std::vector<std::byte>> parts = gather(world, writer.data, 0);
  NamedState joined;
  if (world.rank() != 0) return joined;
  std::vector<Reader> readers(parts.begin(), parts.end());
  for (const auto& [name, array] : mine.arrays()) {
    const std::size_t row_bytes = array.bytes.size() / array.shape[0];
    NamedArray all;
    all.type = array.type;
    all.shape = array.shape;
    all.attributes = array.attributes;
    std::vector<std::uint64_t> rows;
    rows.reserve(readers.size());
    for (Reader& reader : readers) rows.push_back(reader.number());
    all.shape[0] = std::accumulate(rows.begin(), rows.end(), std::uint64_t{0});
    all.bytes.reserve(all.shape[0] * row_bytes);
    for (std::size_t rank = 0; rank < readers.size(); ++rank) {
      const auto bytes = readers[rank].take(rows[rank] * row_bytes);
      all.bytes.insert(all.bytes.end(), bytes.begin(), bytes.end());
    }
    joined.arrays().emplace(name, std::move(all));
  }
  return joined;
}

}  // namespace rondo
