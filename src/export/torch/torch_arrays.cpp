#include "export/torch/torch_arrays.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// "rnn.bias_l0" with "_ih" or "_hh" in it; empty where it is no name of a layer's bias.
std::string with_part(const std::string& name, const char* part) {
  constexpr std::string_view bias = ".bias";
  const std::size_t at = name.rfind(".bias_l");
  return at == std::string::npos ? "" : std::string(name).insert(at + bias.size(), part);
}

// Whether a slot takes the input's part, and so PyTorch's first bias.
bool takes_input(const Cell<float>& cell, int slot) {
  return std::ranges::find(cell.input_slots, slot) != cell.input_slots.end();
}

template <class Real>
std::span<Real> values_of(NamedArray& array) {
  return {reinterpret_cast<Real*>(array.bytes.data()), array.bytes.size() / sizeof(Real)};
}
template <class Real>
std::span<const Real> values_of(const NamedArray& array) {
  return {reinterpret_cast<const Real*>(array.bytes.data()), array.bytes.size() / sizeof(Real)};
}

// One of PyTorch's two biases from rondo's one, and back: the second, of the recurrent part, has
// what the input has no part in.
template <class Real>
void split(const NamedArray& bias, const Cell<float>& cell, bool second, NamedArray& to) {
  const std::vector<int>& slots = second ? cell.recurrent_slots : cell.input_slots;
  const auto from = values_of<Real>(bias);
  const auto into = values_of<Real>(to);
  const std::size_t units = into.size() / slots.size();
  for (std::size_t i = 0; i < into.size(); ++i) {
    const int slot = slots[i / units];
    if (second && takes_input(cell, slot)) continue;
    into[i] = from[units * static_cast<std::size_t>(slot) + i % units];
  }
}

template <class Real>
void join(const NamedArray& part, const Cell<float>& cell, bool second, NamedArray& bias) {
  const std::vector<int>& slots = second ? cell.recurrent_slots : cell.input_slots;
  const auto from = values_of<Real>(part);
  const auto into = values_of<Real>(bias);
  const std::size_t units = from.size() / slots.size();
  for (std::size_t i = 0; i < from.size(); ++i) {
    const int slot = slots[i / units];
    Real& to = into[units * static_cast<std::size_t>(slot) + i % units];
    if (!second || !takes_input(cell, slot)) {
      to = from[i];
    } else if (from[i] != 0) {  // a zero's sign is a bit, too
      to += from[i];
    }
  }
}

void by_type(ElementType type, const auto& body) {
  type == ElementType::float64 ? body.template operator()<double>()
                               : body.template operator()<float>();
}

// Whether there is a vector of real numbers of that length.
bool is_vector(const NamedState& arrays, const std::string& name, std::uint64_t length) {
  if (!arrays.has(name)) return false;
  const NamedArray& array = arrays.get(name);
  return array.shape == std::vector<std::uint64_t>{length} &&
         (array.type == ElementType::float32 || array.type == ElementType::float64);
}

}  // namespace

bool is_in_torch(const std::string& cell) {
  constexpr std::string_view names[] = {"tanh", "relu", "lstm", "gru", "lstm-projected"};
  return std::ranges::find(names, cell) != std::end(names);
}

NamedState to_torch(const NamedState& arrays, const ParameterLayout& layout,
                    const Cell<float>& cell) {
  NamedState named = arrays;
  if (!is_in_torch(cell.name)) return named;
  for (const Segment& segment : layout.segments()) {
    if (segment.role != Segment::Role::gate_bias) continue;
    const NamedArray& bias = arrays.get(segment.name);
    const auto add = [&](const char* part, const std::vector<int>& slots, bool second) {
      const std::uint64_t length = slots.size() * static_cast<std::uint64_t>(segment.units);
      NamedArray& to = named.add(with_part(segment.name, part), bias.type, {length});
      by_type(bias.type, [&]<class Real>() { split<Real>(bias, cell, second, to); });
    };
    add("_ih", cell.input_slots, false);
    add("_hh", cell.recurrent_slots, true);
    named.arrays().erase(segment.name);
  }
  return named;
}

NamedState from_torch(const NamedState& arrays, const ParameterLayout& layout,
                      const Cell<float>& cell) {
  NamedState named = arrays;
  if (!is_in_torch(cell.name)) return named;
  for (const Segment& segment : layout.segments()) {
    if (segment.role != Segment::Role::gate_bias || arrays.has(segment.name)) continue;
    const std::string first = with_part(segment.name, "_ih");
    const std::string second = with_part(segment.name, "_hh");
    const auto units = static_cast<std::uint64_t>(segment.units);
    if (!is_vector(arrays, first, units * cell.input_slots.size()) ||
        !is_vector(arrays, second, units * cell.recurrent_slots.size()) ||
        arrays.get(first).type != arrays.get(second).type) {
      continue;
    }
    NamedArray& bias = named.add(segment.name, arrays.get(first).type, segment.shape());
    by_type(bias.type, [&]<class Real>() {
      join<Real>(arrays.get(first), cell, false, bias);
      join<Real>(arrays.get(second), cell, true, bias);
    });
    named.arrays().erase(first);
    named.arrays().erase(second);
  }
  return named;
}

}  // namespace rondo
