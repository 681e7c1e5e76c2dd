// Arrays whose items are read side by side, a record an item: what npy and hdf5 share.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/tables/importers/record_reader.hpp"

namespace rondo {

// Of an array of numbers [N], [N, width] or [N, T, width], or of texts [N].
struct ItemShape {
  std::int64_t items = 0;
  std::int64_t size = 1;  // elements of an item: T * width
  int width = 1;          // of a step of it
};

// InputError, which begins with `shown`, for other dimensions, and for items without elements or
// with too many.
ItemShape item_shape(std::span<const std::int64_t> dimensions, bool is_text,
                     const std::string& shown);

class ItemArray {
 public:
  ItemArray() = default;
  virtual ~ItemArray() = default;
  ItemArray(const ItemArray&) = delete;
  ItemArray& operator=(const ItemArray&) = delete;

  virtual bool is_text() const = 0;
  virtual const ItemShape& shape() const = 0;
  // The array in messages: "x.npz/y.npy".
  virtual const std::string& shown() const = 0;
  // The next item, of which there is one. InputError for what cannot be read.
  virtual void next(std::vector<double>& numbers) = 0;
  virtual void next(std::string& text) = 0;
};

struct NamedArrayInput {
  TableColumn column;
  std::function<std::unique_ptr<ItemArray>()> open;  // called once, if it is read
};

// Records of the items of `arrays`, of which there are some; `file` is what messages call them.
// InputError, when the first record is read, for arrays that cannot be read or have other numbers
// of items than the first: of those that are needed.
std::unique_ptr<RecordReader> open_arrays(std::vector<NamedArrayInput> arrays, std::string file);

}  // namespace rondo
