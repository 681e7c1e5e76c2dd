// Names of parametrised tests.
#pragma once

#include <algorithm>
#include <string>

namespace rondo::test {

// GoogleTest's names may hold no hyphens.
inline std::string test_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace rondo::test
