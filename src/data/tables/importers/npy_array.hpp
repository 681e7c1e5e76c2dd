// An array of NumPy in a file: "numpy.lib.format", versions 1 to 3.
//
// A reader of our own: those of libraries (xtensor, cnpy) read arrays whole and trust the header.
// What is in a zip archive is libzip's matter (byte_source.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/tables/importers/byte_source.hpp"
#include "data/tables/importers/item_array.hpp"

namespace rondo {

class NpyArray final : public ItemArray {
 public:
  // The array that `source` is, all of it. InputError, which begins with `shown`, for a header that
  // is damaged, and for what is not read: objects, records, complex numbers, big-endian numbers,
  // Fortran's order.
  NpyArray(std::unique_ptr<ByteSource> source, std::string shown);

  bool is_text() const override { return type_ == 'U'; }
  const ItemShape& shape() const override { return shape_; }
  const std::string& shown() const override { return shown_; }

  // InputError for a source that ends too early, or, where it has a checksum, ends with another.
  void next(std::vector<double>& numbers) override;
  void next(std::string& text) override;

 private:
  void read_header();
  bool read(char* to, std::size_t count) { return source_->read(to, count) == count; }
  void read_shape(const std::string& header);
  void read_type(const std::string& header);
  const char* next_bytes();
  [[noreturn]] void fail(const std::string& why) const;

  std::unique_ptr<ByteSource> source_;
  std::string shown_;
  char type_ = 0;          // b, i, u, f, U
  std::size_t bytes_ = 0;  // an element
  ItemShape shape_;
  std::int64_t left_ = 0;  // items that were not read yet
  std::vector<char> buffer_;
};

}  // namespace rondo
