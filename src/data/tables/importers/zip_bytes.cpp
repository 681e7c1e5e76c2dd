#include <zip.h>

#include <array>
#include <fstream>
#include <string_view>

#include "data/tables/importers/byte_source.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using Archive = std::shared_ptr<zip_t>;

class MemberBytes final : public ByteSource {
 public:
  // What libzip reads of several members at once passes through one file, in turns.
  MemberBytes(Archive archive, zip_uint64_t number, std::string shown)
      : archive_(std::move(archive)), shown_(std::move(shown)) {
    zip_stat_t told;
    zip_stat_init(&told);
    if (zip_stat_index(archive_.get(), number, 0, &told) != 0 || (told.valid & ZIP_STAT_SIZE) == 0)
      fail(zip_strerror(archive_.get()));
    size_ = told.size;
    file_.reset(zip_fopen_index(archive_.get(), number, 0));
    if (file_ == nullptr) fail(zip_strerror(archive_.get()));
  }

  std::uint64_t size() const override { return size_; }

  std::size_t read(char* to, std::size_t count) override {
    std::size_t all = 0;
    for (zip_int64_t got = 1; got > 0 && all < count; all += static_cast<std::size_t>(got)) {
      got = zip_fread(file_.get(), to + all, count - all);
      if (got < 0) fail(zip_file_strerror(file_.get()));
    }
    return all;
  }

 private:
  struct Close {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
  };

  [[noreturn]] void fail(const char* why) const {
    throw_input("{} is damaged or cut off: {}: save or copy the archive again", shown_, why);
  }

  Archive archive_;
  std::string shown_;
  std::uint64_t size_ = 0;
  std::unique_ptr<zip_file_t, Close> file_;
};

Archive open_archive(const std::filesystem::path& path) {
  int code = 0;
  zip_t* const opened = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (opened != nullptr) return {opened, zip_discard};
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string why = zip_error_strerror(&error);
  zip_error_fini(&error);
  throw_input("{} is no whole zip archive: {}: save or copy it again", path.string(), why);
}

}  // namespace

std::vector<ZipMember> open_zip(const std::filesystem::path& path) {
  const Archive archive = open_archive(path);
  std::vector<ZipMember> members;
  const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(archive.get(), 0));
  for (zip_uint64_t i = 0; i < count; ++i) {
    const char* const name = zip_get_name(archive.get(), i, ZIP_FL_ENC_GUESS);
    if (name == nullptr) throw_input("{}: its member {} has no name", path.string(), i);
    members.push_back(
        {name, std::make_unique<MemberBytes>(archive, i, path.string() + "/" + name)});
  }
  return members;
}

bool is_zip(const std::filesystem::path& path) {
  std::array<char, 4> front{};
  std::ifstream(path, std::ios::binary).read(front.data(), front.size());
  return std::string_view(front.data(), front.size()) == "PK\x03\x04";
}

}  // namespace rondo
