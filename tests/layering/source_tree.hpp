// The repository's source files as the layering rules read them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rondo::layering {

struct Include {
  std::string name;  // what stands between the quotes or brackets
  int line = 0;
};

struct SourceFile {
  std::string path;    // relative to the root, '/'-separated
  std::string folder;  // the module of src/<folder>/ or include/rondo/<folder>/; else empty
  // Lines of code: comments, string and character literals are blank, so that a rule's words may be
  // written about.
  std::vector<std::string> code;
  std::vector<Include> includes;
};

// C++ files of src, include and tests, and CMake files everywhere, in bytewise order of paths.
struct SourceTree {
  std::filesystem::path root;
  std::vector<SourceFile> cpp;
  std::vector<SourceFile> cmake;
};

SourceTree read_tree(const std::filesystem::path& root);

// Cuts a C++ text into SourceFile::code and includes.
SourceFile read_cpp(const std::string& path, const std::string& text);

}  // namespace rondo::layering
