// An array of NumPy in a file: "numpy.lib.format", versions 1 to 3.
//
// A reader of our own: those of libraries (xtensor, cnpy) read arrays whole and trust the header.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace rondo {

class NpyArray {
 public:
  // The array that begins at `offset` and ends before `end`, or at the file's end where that is 0.
  // InputError for a header that is damaged, and for what is not read: objects, records, complex
  // numbers, big-endian numbers, Fortran's order.
  NpyArray(const std::filesystem::path& path, const std::string& shown, std::uint64_t offset = 0,
           std::uint64_t end = 0);

  bool is_text() const { return type_ == 'U'; }
  std::int64_t items() const { return items_; }
  // Numbers an item has, and a step of it: of [N, T, width] T * width and width.
  std::int64_t item_size() const { return item_size_; }
  int width() const { return width_; }
  const std::string& shown() const { return shown_; }

  // The next item. InputError for a file that ends too early.
  void next(std::vector<double>& numbers);
  void next(std::string& text);

 private:
  void read_header(std::uint64_t end);
  void read_shape(const std::string& header);
  void read_type(const std::string& header);
  const char* next_bytes();
  [[noreturn]] void fail(const std::string& why) const;

  std::string shown_;
  std::ifstream file_;
  char type_ = 0;          // b, i, u, f, U
  std::size_t bytes_ = 0;  // an element
  std::int64_t items_ = 0, item_size_ = 1;
  int width_ = 1;
  std::vector<char> buffer_;
};

}  // namespace rondo
