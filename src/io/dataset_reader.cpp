#include <array>
#include <atomic>
#include <cstring>
#include <string_view>

#include "io/dataset_layout.hpp"
#include "io/file_system.hpp"
#include "io/hdf5_image.hpp"
#include "io/piece_sums.hpp"
#include "rondo/io/dataset_file.hpp"
#include "rondo/io/file_format.hpp"

namespace rondo {

bool is_dataset(const std::filesystem::path& path) {
  constexpr std::string_view first_line = "rondo dataset\n";
  if (kind_of(path) != PathKind::file) return false;
  const InputFile file(path);
  std::array<char, first_line.size()> bytes{};
  if (file.size() < bytes.size()) return false;
  file.read(0, std::as_writable_bytes(std::span(bytes)));
  return std::string_view(bytes.data(), bytes.size()) == first_line;
}

class DatasetReader::Impl {
 public:
  explicit Impl(const std::filesystem::path& path)
      : file_(path), block_(read_front_block(path, FileKind::dataset)) {
    read_table();
    check_head();
    image_ =
        read_image_file(file_.descriptor(), block_.head_end, block_.table_begin, path.string());
    check_head();  // HDF5 has read it by itself
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    for (std::uint64_t i = 0; i < megabytes(block_.table_begin); ++i) delete verified_[i].load();
  }

  const Large& large(const std::string& name) const {
    for (const Large& array : image_.large) {
      if (array.name == name) return array;
    }
    throw_input("the data set '{}' has no array '{}'", file_.path().string(), name);
  }

  void read(const Large& array, std::uint64_t first, std::uint64_t count,
            std::span<std::byte> out) const {
    const std::uint64_t size = size_of(array.type);
    if (first > array.count || count > array.count - first || out.size() != count * size) {
      throw_run("elements {} to {} of '{}' were asked for, which has {}", first, first + count,
                array.name, array.count);
    }
    std::uint64_t begin = array.offset + first * size;
    while (!out.empty()) {
      const std::uint64_t i = begin / megabyte;
      const std::uint64_t end = megabyte_range(i, block_.table_begin).end;
      const auto piece = out.first(std::min<std::uint64_t>(out.size(), end - begin));
      read_within(i, begin, piece);
      begin += piece.size();
      out = out.subspan(piece.size());
    }
  }

  void verify(int part, int parts) const {
    if (part < 0 || part >= parts) throw_run("there is no part {} of {}", part, parts);
    std::vector<std::byte> buffer;
    const auto step = static_cast<std::uint64_t>(parts);
    for (auto i = static_cast<std::uint64_t>(part); i < megabytes(block_.table_begin); i += step) {
      if (verified_[i].load(std::memory_order_acquire) == nullptr) verify_megabyte(i, buffer);
    }
  }

  const InputFile& file() const { return file_; }
  const ImageFile& image() const { return image_; }
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  void read_table() {
    const std::uint64_t count = megabytes(block_.table_begin);
    const std::uint64_t size = file_.size() - block_.table_begin;
    if (size != (count + 1) * sizeof(Sha256Bytes)) {
      throw_input("'{}' is damaged: its table of checksums has {} bytes, not {}",
                  file_.path().string(), size, (count + 1) * sizeof(Sha256Bytes));
    }
    table_.resize(count + 1);
    const auto bytes = std::as_writable_bytes(std::span(table_));
    file_.read(block_.table_begin, bytes);
    if (sha256(bytes) != block_.table_hash) {
      throw_input("'{}' is damaged: its table of checksums is not the one that was written",
                  file_.path().string());
    }
    fingerprint_ = to_hex(table_.back());
    verified_ = std::make_unique<std::atomic<const PieceSums*>[]>(count);
  }

  void check_head() const {
    if (file_.hash(front_block_size, block_.head_end) != block_.hash) {
      throw_input(
          "'{}' is damaged: its head does not have the sha256 that its front block announces",
          file_.path().string());
    }
  }

  // Bytes from `begin` that lie in megabyte i: always those that were hashed. The first reader of a
  // megabyte hashes it as a whole, later ones the pieces that they touch; two threads may both be
  // first.
  void read_within(std::uint64_t i, std::uint64_t begin, std::span<std::byte> out) const {
    if (const PieceSums* sums = verified_[i].load(std::memory_order_acquire)) {
      read_again(*sums, begin, out);
      return;
    }
    std::vector<std::byte> buffer;
    verify_megabyte(i, buffer);
    const std::uint64_t start = megabyte_range(i, block_.table_begin).begin;
    std::memcpy(out.data(), buffer.data() + (begin - start), out.size());
  }

  // Whole pieces are read to where they are wanted, and of the others, at the ends, all is read.
  void read_again(const PieceSums& sums, std::uint64_t begin, std::span<std::byte> out) const {
    const std::uint64_t end = begin + out.size();
    for (std::uint64_t at = begin; at < end;) {
      const MegabyteRange piece = sums.piece(at);
      const bool whole = at == piece.begin && piece.end <= end;
      at = whole ? read_pieces(sums, at, out.subspan(at - begin))
                 : read_part(sums, at, out.subspan(at - begin));
    }
  }

  // As many whole pieces from `begin` on as `out` has room for; returns where they end.
  std::uint64_t read_pieces(const PieceSums& sums, std::uint64_t begin,
                            std::span<std::byte> out) const {
    std::uint64_t end = begin;
    const std::uint64_t limit = begin + out.size();
    while (end < limit && sums.piece(end).end <= limit) end = sums.piece(end).end;
    file_.read(begin, out.first(end - begin));
    for (std::uint64_t at = begin; at < end; at = sums.piece(at).end) {
      const MegabyteRange piece = sums.piece(at);
      if (!sums.same(at, out.subspan(at - begin, piece.end - at))) throw_changed(piece);
    }
    return end;
  }

  // What `out` has room for of the piece that holds byte `begin`; returns where that ends.
  std::uint64_t read_part(const PieceSums& sums, std::uint64_t begin,
                          std::span<std::byte> out) const {
    const MegabyteRange piece = sums.piece(begin);
    std::array<std::byte, PieceSums::piece_bytes> room;
    const auto whole = std::span(room).first(piece.end - piece.begin);
    file_.read(piece.begin, whole);
    if (!sums.same(begin, whole)) throw_changed(piece);
    const std::uint64_t end = std::min(begin + out.size(), piece.end);
    std::memcpy(out.data(), whole.data() + (begin - piece.begin), end - begin);
    return end;
  }

  [[noreturn]] void throw_changed(const MegabyteRange& piece) const {
    throw_input(
        "'{}' changed while it was read: bytes {} to {} are not those that were verified before; "
        "put the data set back as it was, and let other data have a file of their own",
        file_.path().string(), piece.begin, piece.end);
  }

  // Leaves the megabyte's bytes in `buffer`.
  void verify_megabyte(std::uint64_t i, std::vector<std::byte>& buffer) const {
    const MegabyteRange range = megabyte_range(i, block_.table_begin);
    buffer.resize(range.end - range.begin);
    file_.read(range.begin, buffer);
    if (sha256(buffer) != table_[i]) {
      throw_input("'{}' is damaged: megabyte {} (bytes {} to {}) does not have its checksum",
                  file_.path().string(), i, range.begin, range.end);
    }
    auto sums = std::make_unique<const PieceSums>(range, buffer);
    const PieceSums* none = nullptr;
    if (verified_[i].compare_exchange_strong(none, sums.get(), std::memory_order_acq_rel)) {
      static_cast<void>(sums.release());
    }
  }

  InputFile file_;
  FrontBlock block_;
  std::vector<Sha256Bytes> table_;
  // Of each megabyte, once it is verified; owned.
  mutable std::unique_ptr<std::atomic<const PieceSums*>[]> verified_;
  std::string fingerprint_;
  ImageFile image_;
};

DatasetReader::DatasetReader(const std::filesystem::path& path)
    : impl_(std::make_unique<Impl>(path)) {}

DatasetReader::~DatasetReader() = default;

const NamedState& DatasetReader::small() const { return impl_->image().small; }

const DatasetReader::Large& DatasetReader::large(const std::string& name) const {
  return impl_->large(name);
}

const std::vector<DatasetReader::Large>& DatasetReader::large_arrays() const {
  return impl_->image().large;
}

void DatasetReader::read(const Large& array, std::uint64_t first, std::uint64_t count,
                         std::span<std::byte> out) const {
  impl_->read(array, first, count, out);
}

void DatasetReader::verify(int part, int parts) const { impl_->verify(part, parts); }

std::uint64_t DatasetReader::file_size() const { return impl_->file().size(); }

const std::string& DatasetReader::fingerprint() const { return impl_->fingerprint(); }

const std::filesystem::path& DatasetReader::path() const { return impl_->file().path(); }

}  // namespace rondo
