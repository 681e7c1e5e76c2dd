// The rules of the layout (README, "Folders"), each as a function that lists what breaks it.
#pragma once

#include <string>
#include <vector>

#include "source_tree.hpp"

namespace rondo::layering {

struct Violation {
  std::string path;
  int line = 0;  // 0: the file as a whole
  std::string what;
};

// Each folder of src/ and include/rondo/ includes only what it may; include/ knows src/ nowhere.
std::vector<Violation> check_layers(const SourceTree& tree);
// No file includes itself, directly or through others.
std::vector<Violation> check_cycles(const SourceTree& tree);
// MPI in src/comm alone, HDF5 behind one header of src/io, Boost.Program_options in one file of
// src/apps, Eigen in src/apps and tests, Highway in src/kernels.
std::vector<Violation> check_libraries(const SourceTree& tree);
// Functions and types whose results the C or C++ library, or a machine, may choose; compiler flags
// that change arithmetic.
std::vector<Violation> check_arithmetic(const SourceTree& tree);
// No disabled and no skipped test.
std::vector<Violation> check_tests(const SourceTree& tree);
// Files that nobody can take in: above `limit` lines.
std::vector<Violation> check_lengths(const SourceTree& tree, int limit);
// Nothing at the top but what belongs there.
std::vector<Violation> check_top_level(const SourceTree& tree);

// "path:line: what", a line each.
std::string to_text(const std::vector<Violation>& violations);

}  // namespace rondo::layering
