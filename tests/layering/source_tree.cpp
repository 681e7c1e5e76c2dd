#include "source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace rondo::layering {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < std::min(end, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// End of the literal whose opening quote stands at `begin`.
std::size_t end_of_literal(const std::string& text, std::size_t begin) {
  if (begin > 0 && text[begin - 1] == 'R' && text[begin] == '"') {
    const std::size_t open = text.find('(', begin);
    std::string close = ")";
    close.append(text, begin + 1, open - begin - 1).append("\"");
    const std::size_t end = text.find(close, open);
    return end == std::string::npos ? text.size() : end + close.size();
  }
  std::size_t end = begin + 1;
  while (end < text.size() && text[end] != text[begin] && text[end] != '\n') {
    end += text[end] == '\\' ? 2 : 1;
  }
  return end + 1;
}

// `text` with comments and literals blanked; lines stay where they are.
std::string code_of(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = i;
    if (text.compare(i, 2, "//") == 0) {
      end = std::min(text.find('\n', i), text.size());
    } else if (text.compare(i, 2, "/*") == 0) {
      end = std::min(text.find("*/", i + 2), text.size() - 2) + 2;
    } else if (text[i] == '"') {
      end = end_of_literal(text, i);
    } else if (text[i] == '\'' && !(i > 0 && is_word(text[i - 1]))) {  // 1'000 is a number
      end = end_of_literal(text, i);
    }
    if (end == i) continue;
    blank(text, i, end);
    i = end - 1;
  }
  return text;
}

// The name in `#include "name"` or `#include <name>`; empty for other lines. HWY_TARGET_INCLUDE
// names the file itself and is no edge.
std::string included_name(const std::string& line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string::npos || line[hash] != '#') return "";
  const std::size_t word = line.find_first_not_of(" \t", hash + 1);
  if (word == std::string::npos || line.compare(word, 7, "include") != 0) return "";
  const std::size_t open = line.find_first_of("\"<", word);
  if (open == std::string::npos) return "";
  const std::size_t close = line.find(line[open] == '<' ? '>' : '"', open + 1);
  return close == std::string::npos ? "" : line.substr(open + 1, close - open - 1);
}

std::string folder_of(const std::string& path) {
  if (path == "include/rondo/rondo.hpp") return "library";  // of all of it
  for (const std::string prefix : {"src/", "include/rondo/"}) {
    if (!path.starts_with(prefix)) continue;
    const std::size_t end = path.find('/', prefix.size());
    if (end != std::string::npos) return path.substr(prefix.size(), end - prefix.size());
  }
  return "";
}

// CMake files: '#' begins a comment.
SourceFile read_cmake(const std::string& path, const std::string& text) {
  SourceFile file;
  file.path = path;
  file.code = split_lines(text);
  for (std::string& line : file.code) line.resize(std::min(line.find('#'), line.size()));
  return file;
}

}  // namespace

SourceFile read_cpp(const std::string& path, const std::string& text) {
  SourceFile file;
  file.path = path;
  file.folder = folder_of(path);
  file.code = split_lines(code_of(text));
  const std::vector<std::string> lines = split_lines(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // In a comment the '#' is blank.
    if (file.code[i].find('#') == std::string::npos) continue;
    const std::string name = included_name(lines[i]);
    if (!name.empty()) file.includes.push_back({name, static_cast<int>(i) + 1});
  }
  return file;
}

SourceTree read_tree(const fs::path& root) {
  SourceTree tree;
  tree.root = root;
  std::vector<std::string> paths;
  for (const char* top : {"src", "include", "tests", "CMakeLists.txt", "CMakePresets.json"}) {
    const fs::path start = root / top;
    if (fs::is_regular_file(start)) paths.emplace_back(top);
    if (!fs::is_directory(start)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(start)) {
      if (entry.is_regular_file()) {
        paths.push_back(entry.path().lexically_relative(root).generic_string());
      }
    }
  }
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    if (path.ends_with(".cpp") || path.ends_with(".hpp") || path.ends_with(".h")) {
      tree.cpp.push_back(read_cpp(path, read_text(root / path)));
    } else if (path.ends_with("CMakeLists.txt") || path.ends_with(".cmake") ||
               path == "CMakePresets.json") {
      tree.cmake.push_back(read_cmake(path, read_text(root / path)));
    }
  }
  return tree;
}

}  // namespace rondo::layering
