#include <algorithm>
#include <optional>

#include "io/dataset_layout.hpp"
#include "io/file_system.hpp"
#include "io/hdf5_image.hpp"
#include "rondo/io/dataset_file.hpp"
#include "rondo/io/file_format.hpp"

namespace rondo {

class DatasetWriter::Impl {
 public:
  Impl(const std::filesystem::path& path, const NamedState& small, std::vector<Large> large)
      : target_(path) {
    open_file();
    file_->reserve(needed_bytes(small, large));  // HDF5, which writes next, fails less gracefully
    std::vector<DatasetReader::Large> arrays;
    arrays.reserve(large.size());
    for (const Large& array : large) arrays.push_back({array.name, array.type, array.count, 0});
    create_image_file(file_->path(), front_block_size, small, arrays);
    place(arrays);
    small_digest_ = digest_of_small(small);
  }

  void append(std::size_t index, std::span<const std::byte> bytes) {
    Array& array = arrays_.at(index);
    if (bytes.size() > array.size - array.written) {
      throw_run("data set '{}': array '{}' was declared with {} elements and gets more",
                target_.string(), array.place.name, array.place.count);
    }
    file_->write(array.place.offset + array.written, bytes);
    array.hash.update(bytes);
    array.written += bytes.size();
  }

  void finish() {
    for (const Array& array : arrays_) {
      if (array.written != array.size) {
        throw_run("data set '{}': array '{}' was declared with {} elements and got {}",
                  target_.string(), array.place.name, array.place.count,
                  array.written / size_of(array.place.type));
      }
    }
    file_->flush();
    const std::string front = format_front_block(write_table());
    // Last, so that no file without it ever looks finished.
    file_->write(0, std::as_bytes(std::span(front)));
    file_->flush();
    file_->close();
    file_->rename();
  }

 private:
  struct Array {
    DatasetReader::Large place;
    std::uint64_t size = 0;     // bytes
    std::uint64_t written = 0;  // bytes
    Sha256 hash;                // of what was appended
    Sha256 read_hash;           // of what the file holds
  };

  // What lies in [begin, end) of `bytes`, which begin at `offset` of the file.
  static std::span<const std::byte> part(std::span<const std::byte> bytes, std::uint64_t offset,
                                         std::uint64_t begin, std::uint64_t end) {
    begin = std::clamp(begin, offset, offset + bytes.size());
    end = std::clamp(end, begin, offset + bytes.size());
    return bytes.subspan(begin - offset, end - begin);
  }

  // The file's size, but for what HDF5 needs to describe its arrays.
  static std::uint64_t needed_bytes(const NamedState& small, const std::vector<Large>& large) {
    std::uint64_t bytes = front_block_size;
    for (const auto& [name, array] : small.arrays()) bytes += array.bytes.size();
    for (const auto& [name, text] : small.texts) bytes += text.size();
    for (const Large& array : large) bytes += array.count * size_of(array.type);
    return bytes + (megabytes(bytes) + 1) * sizeof(Sha256Bytes);
  }

  void open_file() {
    try {
      file_.emplace(target_);
    } catch (const RunError& error) {  // a folder that the user named
      throw InputError(error.what());
    }
  }

  void place(const std::vector<DatasetReader::Large>& arrays) {
    table_begin_ = file_->size();
    head_end_ = table_begin_;
    std::uint64_t end = table_begin_;
    for (auto array = arrays.rbegin(); array != arrays.rend(); ++array) {
      if (array->count == 0) continue;
      end -= array->count * size_of(array->type);
      if (array->offset != end) {
        throw_run("data set '{}': this version of HDF5 does not place large arrays last",
                  target_.string());
      }
      head_end_ = end;
    }
    arrays_ = std::vector<Array>(arrays.size());
    for (std::size_t i = 0; i < arrays.size(); ++i) {
      arrays_[i].place = arrays[i];
      arrays_[i].size = arrays[i].count * size_of(arrays[i].type);
    }
  }

  // Reads the file back, once, and writes the table of its megabytes behind it.
  FrontBlock write_table() {
    const InputFile written(file_->path());
    std::vector<Sha256Bytes> table;
    Sha256 head;
    std::vector<std::byte> buffer(megabyte);
    for (std::uint64_t i = 0; i < megabytes(table_begin_); ++i) {
      const MegabyteRange range = megabyte_range(i, table_begin_);
      const std::span<std::byte> bytes = std::span(buffer).first(range.end - range.begin);
      written.read(range.begin, bytes);
      table.push_back(sha256(bytes));
      head.update(part(bytes, range.begin, front_block_size, head_end_));
      for (Array& array : arrays_) {
        const std::uint64_t begin = array.place.offset;
        array.read_hash.update(part(bytes, range.begin, begin, begin + array.size));
      }
    }
    table.push_back(content_digest());
    const std::span<const std::byte> table_bytes = std::as_bytes(std::span(table));
    file_->write(table_begin_, table_bytes);

    FrontBlock block;
    block.kind = FileKind::dataset;
    block.version = dataset_format;
    block.length = table_begin_ + table_bytes.size() - front_block_size;
    block.hash = head.finish();
    block.head_end = head_end_;
    block.table_begin = table_begin_;
    block.table_hash = sha256(table_bytes);
    return block;
  }

  // Of what was appended, if it is what the file holds.
  Sha256Bytes content_digest() {
    ContentDigest content(small_digest_);
    std::vector<std::size_t> order(arrays_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [this](std::size_t i) { return arrays_[i].place.name; });
    for (const std::size_t i : order) {
      Array& array = arrays_[i];
      const Sha256Bytes hash = array.hash.finish();
      if (array.read_hash.finish() != hash) {
        throw_run("cannot write '{}': array '{}' reads back differently from what was written",
                  target_.string(), array.place.name);
      }
      content.add(array.place, hash);
    }
    return content.finish();
  }

  std::filesystem::path target_;
  std::optional<TemporaryFile> file_;
  std::vector<Array> arrays_;
  std::uint64_t head_end_ = 0;
  std::uint64_t table_begin_ = 0;
  Sha256Bytes small_digest_{};
};

DatasetWriter::DatasetWriter(const std::filesystem::path& path, const NamedState& small,
                             std::vector<Large> large)
    : impl_(std::make_unique<Impl>(path, small, std::move(large))) {}

DatasetWriter::~DatasetWriter() = default;

void DatasetWriter::append(std::size_t index, std::span<const std::byte> bytes) {
  impl_->append(index, bytes);
}

void DatasetWriter::finish() { impl_->finish(); }

}  // namespace rondo
