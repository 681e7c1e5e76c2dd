#include <algorithm>
#include <array>

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
};

constexpr std::array formats{
    Format{"csv", {".csv", ""}, open_csv},     Format{"tsv", {".tsv", ".tab"}, open_tsv},
    Format{"lines", {".txt", ""}, open_lines}, Format{"folder", {"", ""}, open_folder},
    Format{"npy", {".npy", ".npz"}, open_npy},
};

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
  const std::string ending = first.extension().string();
  for (const Format& format : formats) {
    if (!ending.empty() && std::ranges::find(format.endings, ending) != format.endings.end()) {
      return &format;
    }
  }
  throw_input("the format of {} does not show in its name: give --format {}", first.string(),
              list_names(format_names()));
}

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format& format : formats) names.emplace_back(format.name);
  return names;
}

std::string format_of(const TableInput& input) { return find_format(input)->name; }

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
