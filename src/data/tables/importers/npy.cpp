// Arrays of NumPy: record i is item i of each array. Columns: x0, x1, ... of npy files in their
// order; of an npz the names that its arrays were saved under (uncompressed: numpy.savez).
#include <cmath>
#include <cstring>
#include <memory>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/npy_array.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

template <class T>
T number_at(const std::string& bytes, std::size_t at) {
  T value{};
  if (at + sizeof(T) <= bytes.size()) std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

class NpyReader final : public RecordReader {
 public:
  explicit NpyReader(const TableInput& input) {
    for (const fs::path& path : input.files) {
      if (path == "-" || fs::is_directory(path)) throw_input("{} is no file", path.string());
      if (path.extension() == ".npz") {
        add_archive(path);
      } else {
        add(fmt::format("x{}", arrays_.size()), path, path.string());
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
    file_ = arrays_[0]->shown();
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
      for (const double value : numbers_[i]) {
        if (!std::isfinite(value)) {
          throw_input("{}, item {}: it holds {}", arrays_[i]->shown(), item_ - 1, value);
        }
      }
    }
    return true;
  }

 private:
  void add(const std::string& name, const fs::path& path, const std::string& shown,
           std::uint64_t offset = 0, std::uint64_t end = 0) {
    arrays_.push_back(std::make_unique<NpyArray>(path, shown, offset, end));
    columns_.push_back({name, !arrays_.back()->is_text()});
  }

  // Members of a zip, by its table at the end (APPNOTE.TXT 4.3.12), stored as they are.
  void add_archive(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::uint64_t size = fs::file_size(path);
    const auto read = [&](std::uint64_t at, std::uint64_t count) {
      std::string bytes(std::min(count, size - std::min(at, size)), '\0');
      file.seekg(static_cast<std::streamoff>(at));
      file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      if (!file) throw_input("{} cannot be read", path.string());
      return bytes;
    };
    constexpr std::uint64_t longest_end = 22 + 65535;
    const std::string tail = read(size - std::min(size, longest_end), longest_end);
    const std::size_t end = tail.rfind("PK\x05\x06");
    if (end == std::string::npos) throw_input("{} is no npz: it is no zip", path.string());
    const auto place = number_at<std::uint32_t>(tail, end + 16);
    const std::string table = read(place, number_at<std::uint32_t>(tail, end + 12));
    for (std::size_t at = 0; at + 46 <= table.size();) {
      const auto method = number_at<std::uint16_t>(table, at + 10);
      const auto bytes = number_at<std::uint32_t>(table, at + 20);
      const auto name_bytes = number_at<std::uint16_t>(table, at + 28);
      const auto offset = number_at<std::uint32_t>(table, at + 42);
      std::string name = table.substr(at + 46, name_bytes);
      const std::string shown = path.string() + "/" + name;
      if (method != 0) {
        throw_input("{} is compressed: save it with numpy.savez, not savez_compressed", shown);
      }
      const std::string front = read(offset, 30);
      const std::uint64_t begin = std::uint64_t{offset} + 30 + number_at<std::uint16_t>(front, 26) +
                                  number_at<std::uint16_t>(front, 28);
      if (bytes == 0xFFFFFFFF || offset == 0xFFFFFFFF || begin + bytes > size) {
        throw_input("{} is too large for an npz: save it as npy", shown);
      }
      if (name.ends_with(".npy")) name.resize(name.size() - 4);
      add(name, path, shown, begin, begin + bytes);
      at += 46 + name_bytes + number_at<std::uint16_t>(table, at + 30) +
            number_at<std::uint16_t>(table, at + 32);
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
