// A folder of folders, one a class: a record is a file, its columns `path`, `label` (the name of
// the class's folder) and `text` (what the file holds, without the end of its last line). Files
// come in bytewise order of their paths; what is_left_out() names is.
//
// Where there are pictures or sound files they are the records. What is said in x.png or x.wav
// stands in x.txt or x.gt.txt beside it, and is then the record's text; such pairs need no folder a
// class.
#include <algorithm>
#include <map>
#include <memory>

#include "data/features/file_features.hpp"
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
      read_folder(folder);
    }
  }

  const std::vector<TableColumn>& columns() const override { return columns_; }
  std::vector<std::string> usual_sources() const override {
    return {file_kind_of(files_.front().path) != nullptr ? "path" : "text"};
  }
  std::string usual_target() const override {
    return files_.front().transcript.empty() ? "label" : "text";
  }
  void need(const std::vector<bool>& columns) override { need_text_ = columns[2]; }

  bool next(Record& record) override {
    if (next_ == files_.size()) return false;
    const File& file = files_[next_++];
    record = {.file = file.path, .unit = "", .number = 0, .cells = std::move(record.cells)};
    if (need_text_) read(file.transcript.empty() ? file.path : file.transcript);
    record.cells = {{.text = file.path}, {.text = file.label}, {.text = text_}};
    return true;
  }

 private:
  struct File {
    std::string path, label;
    std::string transcript = {};  // the file that holds it
  };
  // By their paths without ".png", ".wav".
  using Transcripts = std::map<std::string, std::string>;

  void read_folder(const fs::path& folder) {
    std::vector<std::string> media, others;
    for (const TextFile& file : list_text_files({folder})) {
      (file_kind_of(file.path.string()) != nullptr ? media : others).push_back(file.path.string());
    }
    const Transcripts transcripts = media.empty() ? Transcripts() : transcripts_in(others);
    Transcripts unused = transcripts;
    for (const std::string& path : media.empty() ? others : media) {
      const std::string name = (fs::path(path).parent_path() / fs::path(path).stem()).string();
      const auto found = transcripts.find(name);
      if (found == transcripts.end() && !transcripts.empty()) {
        throw_input("{} has no text beside it: write {}.txt, or take the file away", path, name);
      }
      if (!transcripts.empty() && unused.erase(name) == 0) {
        throw_input("{} belongs to two files, of which one is {}", found->second, path);
      }
      add(folder, path, transcripts.empty() ? std::string() : found->second);
    }
    if (!unused.empty()) {
      throw_input("{} has no {} beside it: add it, or take the text away", unused.begin()->second,
                  file_kind_of(media[0])->thing);
    }
    if (transcripts.empty()) check_classes(folder);
  }

  static Transcripts transcripts_in(const std::vector<std::string>& paths) {
    Transcripts transcripts;
    for (const std::string& path : paths) {
      std::string name = path;
      if (!name.ends_with(".txt")) {
        throw_input("{} is no picture, no sound file and no .txt: take it away", path);
      }
      for (const char* ending : {".txt", ".gt"}) {
        if (name.ends_with(ending)) name.resize(name.size() - std::string_view(ending).size());
      }
      if (!transcripts.emplace(name, path).second) {
        throw_input("{} and {} are texts of one file", transcripts[name], path);
      }
    }
    return transcripts;
  }

  void add(const fs::path& folder, const fs::path& path, const std::string& transcript) {
    const fs::path below = path.lexically_relative(folder);
    if (!below.has_parent_path() && transcript.empty()) {
      throw_input("{} stands in no class's folder: give a folder that holds a folder a class{}",
                  path.string(),
                  file_kind_of(path.string()) == nullptr ? "" : ", or write its text beside it");
    }
    const std::string label = below.has_parent_path() ? below.begin()->string() : std::string();
    for (const std::string& name : {path.string(), label}) {
      if (utf8::valid_prefix(name) != name.size()) {
        throw_input("the name of file {} is not valid UTF-8", name);
      }
    }
    files_.push_back({path.string(), label, transcript});
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
