#include "rondo/core/named_state.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "rondo/core/state_parts.hpp"

namespace rondo {

// Values are hashed and saved as they lie in memory.
static_assert(std::endian::native == std::endian::little, "rondo needs a little-endian machine");

namespace {

std::string print_shape(std::span<const std::uint64_t> shape) {
  return shape.empty() ? "a scalar" : fmt::format("[{}]", fmt::join(shape, ", "));
}

}  // namespace

const char* name_of(ElementType type) {
  switch (type) {
    case ElementType::float32:
      return "float32";
    case ElementType::float64:
      return "float64";
    case ElementType::int32:
      return "int32";
    case ElementType::int64:
      return "int64";
    case ElementType::uint8:
      return "uint8";
    case ElementType::uint16:
      return "uint16";
    case ElementType::uint64:
      return "uint64";
  }
  return "unknown";
}

std::uint64_t NamedArray::elements() const { return bytes.size() / size_of(type); }

NamedArray& NamedState::add(const std::string& name, ElementType type,
                            std::vector<std::uint64_t> shape) {
  std::uint64_t size = size_of(type);
  for (const std::uint64_t dimension : shape) {
    if (dimension != 0 && size > std::numeric_limits<std::uint64_t>::max() / dimension) {
      throw_run("state '{}' would have a shape beyond 2^64 bytes: {}", name, print_shape(shape));
    }
    size *= dimension;
  }
  const auto [entry, is_new] = arrays_.try_emplace(name);
  if (!is_new) throw_run("state '{}' is there twice", name);
  NamedArray& array = entry->second;
  array.type = type;
  array.shape = std::move(shape);
  array.bytes.resize(size);
  return array;
}

const NamedArray& NamedState::get(const std::string& name) const {
  const auto entry = arrays_.find(name);
  if (entry == arrays_.end()) throw_input("the saved state has no '{}'", name);
  return entry->second;
}

const NamedArray& NamedState::checked(const std::string& name, ElementType type,
                                      std::span<const std::uint64_t> shape) const {
  const NamedArray& array = get(name);
  if (array.type != type || !std::ranges::equal(array.shape, shape)) {
    throw_input("the saved state's '{}' is {} of {}; this configuration needs {} of {}", name,
                print_shape(array.shape), name_of(array.type), print_shape(shape), name_of(type));
  }
  return array;
}

void hash_array(Sha256& hash, std::string_view name, const NamedArray& array) {
  const auto update_number = [&hash](std::uint64_t number) {
    hash.update(std::as_bytes(std::span(&number, 1)));
  };
  hash.update(name);
  hash.update(std::string_view("\0", 1));
  update_number(array.shape.size());
  for (const std::uint64_t dimension : array.shape) update_number(dimension);
  hash.update(array.bytes);
}

std::string digest(const NamedState& state, const std::string& prefix) {
  Sha256 hash;
  for (const auto& [name, array] : state.arrays()) {
    if (!name.starts_with(prefix)) continue;
    hash_array(hash, std::string_view(name).substr(prefix.size()), array);
  }
  return to_hex(hash.finish());
}

}  // namespace rondo
