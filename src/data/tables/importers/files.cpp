// Pictures or sound files that are named themselves: a record is a file, its column `path`.
#include <memory>

#include "data/tables/importers/formats.hpp"

namespace rondo {
namespace {

class FilesReader final : public RecordReader {
 public:
  explicit FilesReader(const TableInput& input) {
    for (const std::filesystem::path& file : input.files) files_.push_back(file.string());
  }

  const std::vector<TableColumn>& columns() const override { return columns_; }

  bool next(Record& record) override {
    if (next_ == files_.size()) return false;
    const std::string& file = files_[next_++];
    record = {.file = file, .unit = "", .number = 0, .cells = std::move(record.cells)};
    record.cells = {{.text = file}};
    return true;
  }

 private:
  std::vector<TableColumn> columns_{{"path"}};
  std::vector<std::string> files_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<RecordReader> open_files(const TableInput& input) {
  return std::make_unique<FilesReader>(input);
}

}  // namespace rondo
