#include <fstream>

#include "data/tables/importers/byte_source.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

class FileBytes final : public ByteSource {
 public:
  explicit FileBytes(const std::filesystem::path& path)
      : name_(path.string()), file_(path, std::ios::binary) {
    std::error_code error;
    size_ = std::filesystem::file_size(path, error);
    if (!file_ || error) throw_input("{} cannot be read", name_);
  }

  std::uint64_t size() const override { return size_; }

  std::size_t read(char* to, std::size_t count) override {
    file_.read(to, static_cast<std::streamsize>(count));
    if (file_.bad()) throw_input("{} cannot be read", name_);
    return static_cast<std::size_t>(file_.gcount());
  }

 private:
  std::string name_;
  std::ifstream file_;
  std::uint64_t size_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> open_file_bytes(const std::filesystem::path& path) {
  return std::make_unique<FileBytes>(path);
}

}  // namespace rondo
