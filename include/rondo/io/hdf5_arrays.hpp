// Arrays in HDF5 files of other programs (h5py, netCDF, h5import): numbers and texts, item by item
// along their first dimension.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace rondo {

class Hdf5Arrays {
 public:
  struct Array {
    std::string name;  // its path: "train/x"
    std::vector<std::uint64_t> shape = {};
    bool is_text = false;
    std::string unreadable = {};  // why it is not read, behind a colon; empty: it can be
  };

  // InputError for what is no whole HDF5 file of others.
  explicit Hdf5Arrays(const std::filesystem::path& path);
  ~Hdf5Arrays();
  Hdf5Arrays(const Hdf5Arrays&) = delete;
  Hdf5Arrays& operator=(const Hdf5Arrays&) = delete;

  // All that there are, in bytewise order of the names of their groups and their own.
  const std::vector<Array>& arrays() const { return arrays_; }

  // How many items are best read at once, so that no compressed piece is unpacked again and again
  // and memory stays bounded.
  std::uint64_t items_at_once(std::size_t array) const;

  // Items [first, first + count) of an array that can be read. InputError for values that cannot.
  void read(std::size_t array, std::uint64_t first, std::uint64_t count,
            std::vector<double>& numbers) const;
  void read(std::size_t array, std::uint64_t first, std::uint64_t count,
            std::vector<std::string>& texts) const;

 private:
  class Open;

  std::string path_;
  std::vector<Array> arrays_;
  std::unique_ptr<Open> open_;
};

}  // namespace rondo
