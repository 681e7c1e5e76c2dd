#include "train/state_transfer.hpp"

#include <cstring>

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

}  // namespace

NamedState broadcast_state(Communicator& world, const NamedState& state) {
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
      writer.bytes(array.bytes);
    }
  }
  broadcast(world, writer.data, 0);
  Reader reader(writer.data);
  NamedState copy;
  for (std::uint64_t i = reader.number(); i > 0; --i) {
    const std::string name = reader.text();
    copy.texts[name] = reader.text();
  }
  for (std::uint64_t i = reader.number(); i > 0; --i) {
    const std::string name = reader.text();
    const auto type = static_cast<ElementType>(reader.number());
    std::vector<std::uint64_t> shape(reader.number());
    for (std::uint64_t& dimension : shape) dimension = reader.number();
    NamedArray& array = copy.add(name, type, std::move(shape));
    const auto bytes = reader.take(array.bytes.size());
    std::memcpy(array.bytes.data(), bytes.data(), bytes.size());
  }
  return copy;
}

NamedState gather_rows(Communicator& world, const NamedState& mine) {
  Writer writer;
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
    all.shape[0] = 0;
    all.attributes = array.attributes;
    for (Reader& reader : readers) {
      const std::uint64_t rows = reader.number();
      const auto bytes = reader.take(rows * row_bytes);
      all.bytes.insert(all.bytes.end(), bytes.begin(), bytes.end());
      all.shape[0] += rows;
    }
    joined.arrays().emplace(name, std::move(all));
  }
  return joined;
}

}  // namespace rondo
