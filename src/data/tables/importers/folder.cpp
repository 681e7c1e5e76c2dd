// A folder of folders, one a class: a record is a file, its columns `path`, `label` (the name of
// the class's folder) and `text` (what the file holds, without the end of its last line). Files
// come in bytewise order of their paths; names that begin with a dot are left out.
#include <memory>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/input_bytes.hpp"
#include "data/text/text_files.hpp"
#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_file = std::size_t{1} << 26;  // bytes

class FolderReader final : public RecordReader {
 public:
  explicit FolderReader(const TableInput& input) {
    for (const fs::path& folder : input.files) {
      if (!fs::is_directory(folder)) {
        throw_input("{} is no folder: the format folder reads a folder that holds a folder a class",
                    folder.string());
      }
      for (const TextFile& file : list_text_files({folder})) add(folder, file.path);
    }
  }

  const std::vector<TableColumn>& columns() const override { return columns_; }
  std::vector<std::string> usual_sources() const override { return {"text"}; }
  std::string usual_target() const override { return "label"; }
  void need(const std::vector<bool>& columns) override { need_text_ = columns[2]; }

  bool next(Record& record) override {
    if (next_ == files_.size()) return false;
    const File& file = files_[next_++];
    record = {file.path, "", 0, std::move(record.cells)};
    if (need_text_) read(file.path);
    record.cells = {{.text = file.path}, {.text = file.label}, {.text = text_}};
    return true;
  }

 private:
  struct File {
    std::string path, label;
  };

  void add(const fs::path& folder, const fs::path& path) {
    const fs::path below = path.lexically_relative(folder);
    if (!below.has_parent_path()) {
      throw_input("{} stands in no class's folder: give a folder that holds a folder a class",
                  path.string());
    }
    const std::string label = below.begin()->string();
    for (const std::string& name : {path.string(), label}) {
      if (utf8::valid_prefix(name) != name.size()) {
        throw_input("the name of file {} is not valid UTF-8", name);
      }
    }
    files_.push_back({path.string(), label});
  }

  void read(const std::string& path) {
    InputBytes bytes(path);
    text_.clear();
    for (auto ready = bytes.ready(); !ready.empty(); ready = bytes.ready()) {
      text_ += ready;
      bytes.take(ready.size());
      if (text_.size() > longest_file) {
        throw_input("{} is longer than {} bytes", path, longest_file);
      }
    }
    const std::size_t valid = utf8::valid_prefix(text_);
    if (valid < text_.size()) throw_input("{}: byte {} is not valid UTF-8", path, valid + 1);
    if (text_.ends_with('\n')) text_.pop_back();
    if (text_.ends_with('\r')) text_.pop_back();
  }

  std::vector<TableColumn> columns_{{"path"}, {"label"}, {"text"}};
  std::vector<File> files_;
  std::size_t next_ = 0;
  bool need_text_ = true;
  std::string text_;
};

}  // namespace

std::unique_ptr<RecordReader> open_folder(const TableInput& input) {
  return std::make_unique<FolderReader>(input);
}

}  // namespace rondo
