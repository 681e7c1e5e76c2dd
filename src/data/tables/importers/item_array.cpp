#include "data/tables/importers/item_array.hpp"

#include <utility>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::int64_t largest_item = std::int64_t{1} << 27;  // elements

class ArraysReader final : public RecordReader {
 public:
  ArraysReader(std::vector<NamedArrayInput> inputs, std::string file)
      : inputs_(std::move(inputs)),
        file_(std::move(file)),
        needed_(inputs_.size(), true),
        numbers_(inputs_.size()),
        texts_(inputs_.size()) {
    for (const NamedArrayInput& input : inputs_) columns_.push_back(input.column);
  }

  const std::vector<TableColumn>& columns() const override { return columns_; }
  void need(const std::vector<bool>& columns) override { needed_ = columns; }

  bool next(Record& record) override {
    if (arrays_.empty()) open_needed();
    if (item_ == items_) return false;
    record = {.file = file_, .unit = "item", .number = item_++, .cells = std::move(record.cells)};
    record.cells.resize(arrays_.size());
    for (std::size_t i = 0; i < arrays_.size(); ++i) {
      Cell& cell = record.cells[i];
      if (arrays_[i] == nullptr) {
        cell = {};
      } else if (arrays_[i]->is_text()) {
        arrays_[i]->next(texts_[i]);
        cell = {.text = texts_[i]};
      } else {
        arrays_[i]->next(numbers_[i]);
        cell = {.numbers = numbers_[i], .width = arrays_[i]->shape().width};
      }
    }
    return true;
  }

 private:
  void open_needed() {
    const ItemArray* first = nullptr;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      arrays_.push_back(needed_[i] ? inputs_[i].open() : nullptr);
      const ItemArray* const own = arrays_.back().get();
      if (own == nullptr) continue;
      if (first == nullptr) first = own;
      if (own->shape().items != first->shape().items) {
        throw_input("{} has {} items and {} has {}: they are read together, item by item",
                    first->shown(), first->shape().items, own->shown(), own->shape().items);
      }
    }
    items_ = first == nullptr ? 0 : first->shape().items;
    if (items_ == 0) throw_input("{} holds no items", first == nullptr ? file_ : first->shown());
  }

  std::vector<NamedArrayInput> inputs_;
  std::vector<TableColumn> columns_;
  std::string file_;
  std::vector<bool> needed_;
  std::vector<std::unique_ptr<ItemArray>> arrays_;  // none: it is not needed
  std::vector<std::vector<double>> numbers_;
  std::vector<std::string> texts_;
  std::int64_t items_ = 0, item_ = 0;
};

}  // namespace

ItemShape item_shape(std::span<const std::int64_t> dimensions, bool is_text,
                     const std::string& shown) {
  if (dimensions.empty() || dimensions.size() > (is_text ? 1U : 3U)) {
    throw_input("{}: it has {} dimensions: [N], [N, width] and [N, T, width] are read, of text [N]",
                shown, dimensions.size());
  }
  ItemShape shape{.items = dimensions[0]};
  for (const std::int64_t size : dimensions.subspan(1)) {
    if (size < 1 || size > largest_item / shape.size) {
      throw_input("{}: an item has no elements, or too many", shown);
    }
    shape.size *= size;
  }
  if (dimensions.size() > 1) shape.width = static_cast<int>(dimensions.back());
  return shape;
}

std::unique_ptr<RecordReader> open_arrays(std::vector<NamedArrayInput> arrays, std::string file) {
  return std::make_unique<ArraysReader>(std::move(arrays), std::move(file));
}

}  // namespace rondo
