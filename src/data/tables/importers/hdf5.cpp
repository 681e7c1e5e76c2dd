// Arrays in HDF5 files of others: record i is item i of each. Columns: the arrays' paths, "x",
// "train/x". Of a file's many arrays those count that have a role: others may have other shapes.
#include <algorithm>
#include <memory>
#include <utility>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/input_bytes.hpp"
#include "data/tables/importers/item_array.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/hdf5_arrays.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

class Hdf5Items final : public ItemArray {
 public:
  Hdf5Items(std::shared_ptr<const Hdf5Arrays> file, std::size_t number, std::string shown)
      : file_(std::move(file)), number_(number), shown_(std::move(shown)) {
    const Hdf5Arrays::Array& array = file_->arrays()[number_];
    if (!array.unreadable.empty()) throw_input("{}: {}", shown_, array.unreadable);
    is_text_ = array.is_text;
    const std::vector<std::int64_t> dimensions(array.shape.begin(), array.shape.end());
    shape_ = item_shape(dimensions, is_text_, shown_);
    at_once_ = static_cast<std::int64_t>(file_->items_at_once(number_));
  }

  bool is_text() const override { return is_text_; }
  const ItemShape& shape() const override { return shape_; }
  const std::string& shown() const override { return shown_; }

  void next(std::vector<double>& numbers) override {
    if (item_ == end_) refill(numbers_);
    const double* const from = numbers_.data() + (item_++ - begin_) * shape_.size;
    numbers.assign(from, from + shape_.size);
  }

  void next(std::string& text) override {
    if (item_ == end_) refill(texts_);
    text = texts_[static_cast<std::size_t>(item_ - begin_)];
    if (!InputBytes::is_text(text)) {
      throw_input("{}, item {}: the text is not valid UTF-8, or has a NUL in it", shown_, item_);
    }
    ++item_;
  }

 private:
  template <class Values>
  void refill(Values& values) {
    begin_ = item_;
    end_ = std::min(begin_ + at_once_, shape_.items);
    file_->read(number_, static_cast<std::uint64_t>(begin_),
                static_cast<std::uint64_t>(end_ - begin_), values);
  }

  std::shared_ptr<const Hdf5Arrays> file_;
  std::size_t number_;
  std::string shown_;
  bool is_text_ = false;
  ItemShape shape_;
  std::int64_t item_ = 0, begin_ = 0, end_ = 0, at_once_ = 1;  // [begin_, end_): what is in memory
  std::vector<double> numbers_;
  std::vector<std::string> texts_;
};

}  // namespace

std::unique_ptr<RecordReader> open_hdf5(const TableInput& input) {
  const fs::path& path = input.files.front();
  if (input.files.size() > 1) {
    throw_input("{} and {}: arrays of one HDF5 file are read together: give one, or join them",
                path.string(), input.files[1].string());
  }
  if (path == "-" || fs::is_directory(path)) throw_input("{} is no file", path.string());
  const auto file = std::make_shared<const Hdf5Arrays>(path);
  std::vector<NamedArrayInput> arrays;
  for (std::size_t i = 0; i < file->arrays().size(); ++i) {
    const Hdf5Arrays::Array& array = file->arrays()[i];
    const std::string shown = path.string() + "/" + array.name;
    arrays.push_back({{array.name, !array.is_text},
                      [=] { return std::make_unique<Hdf5Items>(file, i, shown); }});
  }
  if (arrays.empty()) throw_input("{} holds no arrays", path.string());
  return open_arrays(std::move(arrays), path.string());
}

}  // namespace rondo
