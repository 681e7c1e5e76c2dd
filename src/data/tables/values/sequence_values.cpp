#include "data/tables/values/sequence_values.hpp"

#include <bit>

namespace rondo {

std::uint64_t SequenceValues::hash_of_inputs(const Columns& kinds) const {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  const auto add = [&](std::uint64_t part) { hash = (hash ^ part) * 0x100000001B3U; };
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (kinds[i].role == ColumnRole::target) continue;
    for (const std::string_view symbol : columns[i].symbols) {
      for (const char c : symbol) add(static_cast<unsigned char>(c));
      add(0x100);
    }
    for (const double number : columns[i].numbers) {
      const auto bits = std::bit_cast<std::uint64_t>(number);
      for (int shift = 0; shift < 64; shift += 8) add(bits >> shift & 0xFF);
    }
    add(0x101);
  }
  return hash;
}

}  // namespace rondo
