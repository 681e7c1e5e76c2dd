// What can be saved: named arrays of plain numbers, in logical row-major order.
//
// Whoever owns state (parameters, optimizer, lanes, counters) copies it into a NamedState and
// back. A NamedState knows nothing of files: io/checkpoint.hpp writes and reads it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {

enum class ElementType : std::uint8_t { float32, float64, int32, int64, uint8, uint16, uint64 };

// Bytes of one element.
constexpr std::size_t size_of(ElementType type) {
  switch (type) {
    case ElementType::float64:
    case ElementType::int64:
    case ElementType::uint64:
      return 8;
    case ElementType::uint16:
      return 2;
    case ElementType::uint8:
      return 1;
    default:
      return 4;
  }
}

const char* name_of(ElementType type);

template <class T>
constexpr ElementType element_type() {
  if constexpr (std::is_same_v<T, float>) return ElementType::float32;
  if constexpr (std::is_same_v<T, double>) return ElementType::float64;
  if constexpr (std::is_same_v<T, std::int32_t>) return ElementType::int32;
  if constexpr (std::is_same_v<T, std::int64_t>) return ElementType::int64;
  if constexpr (std::is_same_v<T, std::uint8_t>) return ElementType::uint8;
  if constexpr (std::is_same_v<T, std::uint16_t>) return ElementType::uint16;
  if constexpr (std::is_same_v<T, std::uint64_t>) return ElementType::uint64;
}

struct NamedArray {
  ElementType type = ElementType::float32;
  std::vector<std::uint64_t> shape;               // empty: a scalar
  std::vector<std::byte> bytes;                   // row-major, native (little) endian
  std::map<std::string, std::string> attributes;  // explanations for readers of the file

  std::uint64_t elements() const;
};

class NamedState {
 public:
  // Adds a zeroed array; its name must be new. Names use '/' for groups
  // ("optimizer/m/rnn.bias_l0").
  NamedArray& add(const std::string& name, ElementType type, std::vector<std::uint64_t> shape);

  template <class T>
  NamedArray& put(const std::string& name, std::span<const T> values,
                  std::vector<std::uint64_t> shape) {
    NamedArray& array = add(name, element_type<T>(), std::move(shape));
    if (array.bytes.size() != values.size_bytes()) throw_run("state '{}' has another shape", name);
    if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), values.size_bytes());
    return array;
  }
  template <class T>
  void put_scalar(const std::string& name, T value) {
    put<T>(name, std::span<const T>(&value, 1), {});
  }

  bool has(const std::string& name) const { return arrays_.contains(name); }
  // InputError if the array is missing or has another type or shape: a checkpoint that was not
  // written by this configuration.
  const NamedArray& get(const std::string& name) const;
  template <class T>
  std::span<const T> get(const std::string& name, std::span<const std::uint64_t> shape) const {
    const NamedArray& array = checked(name, element_type<T>(), shape);
    return {reinterpret_cast<const T*>(array.bytes.data()), array.bytes.size() / sizeof(T)};
  }
  template <class T>
  T get_scalar(const std::string& name) const {
    return get<T>(name, {})[0];
  }

  // Bytewise order of names, so that every walk over a state is the same everywhere.
  const std::map<std::string, NamedArray>& arrays() const { return arrays_; }
  std::map<std::string, NamedArray>& arrays() { return arrays_; }

  // Free text beside the arrays (configuration, fingerprints), as JSON or plain strings.
  std::map<std::string, std::string> texts;

 private:
  const NamedArray& checked(const std::string& name, ElementType type,
                            std::span<const std::uint64_t> shape) const;

  std::map<std::string, NamedArray> arrays_;
};

// INTERFACE: the digest of some arrays is the sha256 over them in bytewise order of names: name in
// UTF-8, a zero byte, the number of dimensions and the dimensions as little-endian uint64, then
// the values row-major little-endian. Returned as 64 hexadecimal characters. `prefix` selects the
// arrays whose name starts with it (and is cut from the names that are hashed).
std::string digest(const NamedState& state, const std::string& prefix);

}  // namespace rondo
