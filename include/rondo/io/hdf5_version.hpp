// The HDF5 library that this program runs with.
#pragma once

#include <string>

namespace rondo {

// "1.10.8"
std::string hdf5_version();

}  // namespace rondo
