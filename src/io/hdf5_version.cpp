#include "rondo/io/hdf5_version.hpp"

#include "io/hdf5_library.hpp"

namespace rondo {

std::string hdf5_version() {
  const hdf5::Session session;
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  hdf5::checked(H5get_libversion(&major, &minor, &release));
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace rondo
