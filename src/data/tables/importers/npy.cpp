// Arrays of NumPy: record i is item i of each array. Columns: x0, x1, ... of npy files in their
// order; of an npz the names that its arrays were saved under (numpy.savez, savez_compressed).
#include <algorithm>
#include <memory>
#include <utility>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/npy_array.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

class NpyReader final : public RecordReader {
 public:
  explicit NpyReader(const TableInput& input) {
    for (const fs::path& path : input.files) {
      if (path == "-" || fs::is_directory(path)) throw_input("{} is no file", path.string());
      if (path.extension() == ".npz" || is_zip(path)) {
        add_archive(path);
      } else {
        add(fmt::format("x{}", arrays_.size()), open_file_bytes(path), path.string());
      }
    }
    for (const auto& array : arrays_) {
      if (array->items() != arrays_[0]->items()) {
        throw_input("{} has {} items and {} has {}: they are read together, item by item",
                    arrays_[0]->shown(), arrays_[0]->items(), array->shown(), array->items());
      }
    }
    if (arrays_.empty() || arrays_[0]->items() == 0) {
      throw_input("{} holds no items", input.files[0].string());
    }
    for (const fs::path& path : input.files) {
      file_ += (file_.empty() ? "" : " and ") + path.string();
    }
    numbers_.resize(arrays_.size());
    texts_.resize(arrays_.size());
  }

  const std::vector<TableColumn>& columns() const override { return columns_; }

  bool next(Record& record) override {
    if (item_ == arrays_[0]->items()) return false;
    record = {.file = file_, .unit = "item", .number = item_++, .cells = std::move(record.cells)};
    record.cells.resize(arrays_.size());
    for (std::size_t i = 0; i < arrays_.size(); ++i) {
      Cell& cell = record.cells[i];
      if (arrays_[i]->is_text()) {
        arrays_[i]->next(texts_[i]);
        cell = {.text = texts_[i]};
        continue;
      }
      arrays_[i]->next(numbers_[i]);
      cell = {.numbers = numbers_[i], .width = arrays_[i]->width()};
    }
    return true;
  }

 private:
  void add(const std::string& name, std::unique_ptr<ByteSource> bytes, const std::string& shown) {
    arrays_.push_back(std::make_unique<NpyArray>(std::move(bytes), shown));
    columns_.push_back({name, !arrays_.back()->is_text()});
  }

  void add_archive(const fs::path& path) {
    for (ZipMember& member : open_zip(path)) {
      const std::string shown = path.string() + "/" + member.name;
      std::string name = member.name;
      if (name.ends_with(".npy")) name.resize(name.size() - 4);
      if (std::ranges::find(columns_, name, &TableColumn::name) != columns_.end()) {
        throw_input("{}: there is another array '{}'", shown, name);
      }
      add(name, std::move(member.bytes), shown);
    }
  }

  std::vector<std::unique_ptr<NpyArray>> arrays_;
  std::vector<TableColumn> columns_;
  std::vector<std::vector<double>> numbers_;
  std::vector<std::string> texts_;
  std::string file_;
  std::int64_t item_ = 0;
};

}  // namespace

std::unique_ptr<RecordReader> open_npy(const TableInput& input) {
  return std::make_unique<NpyReader>(input);
}

}  // namespace rondo
