// Arithmetic that the verdicts share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace rondo::apps::doctor {

inline double gigabytes(std::uint64_t bytes) { return static_cast<double>(bytes) * 1e-9; }

// The median of a member over at least one value, the upper one of two.
template <class Value>
double median_of(const std::vector<Value>& values, double Value::*member) {
  std::vector<double> list;
  list.reserve(values.size());
  for (const Value& value : values) list.push_back(value.*member);
  std::nth_element(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2),
                   list.end());
  return list[list.size() / 2];
}

}  // namespace rondo::apps::doctor
