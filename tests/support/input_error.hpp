// The sentence with which input is refused.
#pragma once

#include <string>

#include "rondo/core/errors.hpp"

namespace rondo::test {

// What the InputError that `act` throws says; empty if it throws none.
template <class Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace rondo::test
