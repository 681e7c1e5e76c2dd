// Arrays as numpy.save writes them.
#pragma once

#include <string>
#include <vector>

namespace rondo::test {

// `descr` and `shape` as in the header: "<f8", "(2, 3)".
inline std::string npy_array(const std::string& descr, const std::string& shape,
                             const std::string& elements, const std::string& order = "False") {
  std::string header =
      "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  header.resize(117, ' ');
  header += '\n';
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + elements;
}

template <class T>
std::string npy_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace rondo::test
