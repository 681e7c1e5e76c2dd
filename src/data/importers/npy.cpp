#include "data/importers/formats.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

std::unique_ptr<RecordReader> open_npy(const TableInput& input) {
  throw_input("{}: arrays of NumPy cannot be read yet", input.files.front().string());
}

}  // namespace rondo
