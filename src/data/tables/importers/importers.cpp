#include <algorithm>
#include <array>

#include "data/features/file_features.hpp"
#include "data/tables/importers/formats.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/nearest_name.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

struct Format {
  const char* name;
  std::array<const char*, 2> endings;
  std::unique_ptr<RecordReader> (*open)(const TableInput&);
  bool header = false;  // its first line may name the columns
};

constexpr std::array formats{
    Format{"csv", {".csv", ""}, open_csv, true}, Format{"tsv", {".tsv", ".tab"}, open_tsv, true},
    Format{"lines", {".txt", ""}, open_lines},   Format{"conllu", {".conllu", ""}, open_conllu},
    Format{"conll", {".conll", ""}, open_conll}, Format{"folder", {"", ""}, open_folder},
    Format{"files", {"", ""}, open_files},       Format{"npy", {".npy", ".npz"}, open_npy},
    Format{"hdf5", {".h5", ".hdf5"}, open_hdf5},
};

const Format* format_of_ending(const std::string& ending) {
  for (const Format& format : formats) {
    if (!ending.empty() && std::ranges::find(format.endings, ending) != format.endings.end()) {
      return &format;
    }
  }
  return nullptr;
}

const Format* find_format(const TableInput& input) {
  const fs::path& first = input.files.front();
  if (!input.format.empty()) {
    const std::string name = input.format == "npz" ? "npy" : input.format;
    const auto found = std::ranges::find(formats, name, &Format::name);
    if (found == formats.end()) {
      throw_input("--format takes {}, not {}", list_names(format_names()),
                  rondo::quoted(input.format));
    }
    return &*found;
  }
  if (fs::is_directory(first)) return find_format({.files = {first}, .format = "folder"});
  if (file_kind_of(first.string()) != nullptr) {
    return find_format({.files = {first}, .format = "files"});
  }
  const std::string ending = first.extension().string();
  if (const Format* format = format_of_ending(ending)) return format;
  throw_input("the format of {} does not show in its name: give --format {}", first.string(),
              list_names(format_names()));
}

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format& format : formats) names.emplace_back(format.name);
  return names;
}

bool shows_format(const std::string& ending) { return format_of_ending(ending) != nullptr; }

bool may_have_header(const TableInput& input) { return find_format(input)->header; }

std::unique_ptr<RecordReader> open_records(const TableInput& input) {
  if (input.files.empty()) throw_input("no input is named: give --input FILE");
  for (const fs::path& file : input.files) {
    if (file != "-" && !fs::exists(file)) throw_input("input {} does not exist", file.string());
  }
  const Format* format = find_format(input);
  if (!input.targets.empty() && format->open != open_lines) {
    throw_input("--target-input pairs lines with lines: it does not go with the format {}",
                format->name);
  }
  return format->open(input);
}

std::string Record::place() const {
  if (unit.empty()) return std::string(file);
  return fmt::format("{}, {} {}", file, unit, number);
}

std::string Record::place(std::string_view column) const {
  if (!paired_file.empty() && column == "target") {
    return fmt::format("{}, {} {}", paired_file, unit, paired_number);
  }
  return fmt::format("{}, column '{}'", place(), column);
}

}  // namespace rondo
