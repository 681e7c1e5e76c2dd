// Arrays of NumPy: record i is item i of each array. Columns: x0, x1, ... of npy files in their
// order; of an npz the names that its arrays were saved under (numpy.savez, savez_compressed).
#include <algorithm>
#include <memory>
#include <utility>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/item_array.hpp"
#include "data/tables/importers/npy_array.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

class Arrays {
 public:
  void add_file(const fs::path& path) {
    if (path == "-" || fs::is_directory(path)) throw_input("{} is no file", path.string());
    if (path.extension() == ".npz" || is_zip(path)) {
      add_archive(path);
    } else {
      add(fmt::format("x{}", arrays_.size()), open_file_bytes(path), path.string());
    }
  }

  std::vector<NamedArrayInput> take() { return std::move(arrays_); }

 private:
  // All are opened at once: a header tells whether its array has numbers.
  void add(const std::string& name, std::unique_ptr<ByteSource> bytes, const std::string& shown) {
    auto array = std::make_shared<std::unique_ptr<ItemArray>>(
        std::make_unique<NpyArray>(std::move(bytes), shown));
    const bool numeric = !(*array)->is_text();
    arrays_.push_back({{name, numeric}, [array] { return std::move(*array); }});
  }

  void add_archive(const fs::path& path) {
    for (ZipMember& member : open_zip(path)) {
      const std::string shown = path.string() + "/" + member.name;
      std::string name = member.name;
      if (name.ends_with(".npy")) name.resize(name.size() - 4);
      const auto has_name = [&](const NamedArrayInput& array) { return array.column.name == name; };
      if (std::ranges::any_of(arrays_, has_name)) {
        throw_input("{}: there is another array '{}'", shown, name);
      }
      add(name, std::move(member.bytes), shown);
    }
  }

  std::vector<NamedArrayInput> arrays_;
};

}  // namespace

std::unique_ptr<RecordReader> open_npy(const TableInput& input) {
  Arrays arrays;
  std::string shown;
  for (const fs::path& path : input.files) {
    arrays.add_file(path);
    shown += (shown.empty() ? "" : " and ") + path.string();
  }
  std::vector<NamedArrayInput> all = arrays.take();
  if (all.empty()) throw_input("{} holds no arrays", shown);
  return open_arrays(std::move(all), shown);
}

}  // namespace rondo
