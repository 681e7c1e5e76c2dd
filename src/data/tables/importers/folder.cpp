// A folder of folders, one a class: a record is a file, its columns `path`, `label` (the name of
// the class's folder) and `text` (what the file holds, without the end of its last line). Files
// come in bytewise order of their paths; what is_left_out() names is.
#include <algorithm>
#include <memory>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/input_bytes.hpp"
#include "data/text/text_files.hpp"
#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/splits.hpp"

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
      check_classes(folder);
    }
  }

  const std::vector<TableColumn>& columns() const override { return columns_; }
  std::vector<std::string> usual_sources() const override { return {"text"}; }
  std::string usual_target() const override { return "label"; }
  void need(const std::vector<bool>& columns) override { need_text_ = columns[2]; }

  bool next(Record& record) override {
    if (next_ == files_.size()) return false;
    const File& file = files_[next_++];
    record = {.file = file.path, .unit = "", .number = 0, .cells = std::move(record.cells)};
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

  // A class without files would vanish unseen; and folders of splits are no classes.
  void check_classes(const fs::path& folder) const {
    bool all_are_splits = true, hold_folders = false;
    std::string split;
    for (const fs::path& path : folders_in(folder)) {
      const std::string name = path.filename().string();
      if (std::ranges::find(files_, name, &File::label) == files_.end()) {
        throw_input("{} holds no files: a class needs some: fill the folder or remove it",
                    path.string());
      }
      if (!split_named(name)) {
        all_are_splits = false;
        continue;
      }
      split = path.string();
      hold_folders = hold_folders || !folders_in(path).empty();
    }
    if (split.empty() || (!all_are_splits && !hold_folders)) return;
    throw_input(
        "{} is named like a split, and {} is to hold a folder a class: give the folder of the "
        "training classes as --input, those of the others as --validation-input and --test-input, "
        "or rename what is a class",
        split, folder.string());
  }

  // Those that are not left out, in bytewise order.
  static std::vector<fs::path> folders_in(const fs::path& folder) {
    std::vector<fs::path> folders;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (entry.is_directory() && !is_left_out(entry.path())) folders.push_back(entry.path());
    }
    std::ranges::sort(folders);
    return folders;
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
    if (!InputBytes::is_text(text_)) fail_text(bytes);
    if (text_.ends_with('\n')) text_.pop_back();
    if (text_.ends_with('\r')) text_.pop_back();
  }

  [[noreturn]] void fail_text(const InputBytes& bytes) const {
    std::string_view rest = text_;
    for (std::int64_t line = 1;; ++line) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view own = rest.substr(0, end);
      if (!InputBytes::is_text(own)) {
        bytes.fail_text(own, fmt::format("{}, line {}", bytes.name(), line), "line");
      }
      rest.remove_prefix(end + 1);
    }
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
