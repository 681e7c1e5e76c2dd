#include "rules.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

namespace rondo::layering {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string>;

// What each folder may include of ours, beside itself.
const std::map<std::string, Names>& layers() {
  static const std::map<std::string, Names> table = {
      {"core", {}},
      {"kernels", {"core"}},
      {"model", {"core", "kernels"}},
      {"comm", {"core"}},
      {"optim", {"core", "kernels"}},
      {"io", {"core"}},
      {"data", {"core", "io"}},
      {"tasks", {"core", "kernels", "model", "comm", "optim", "io", "data"}},
      {"train", {"core", "kernels", "model", "comm", "optim", "io", "data", "tasks"}},
      {"export", {"core", "kernels", "model", "io", "data", "tasks", "train"}},
      {"library", {"core", "kernels", "model", "io", "data", "tasks", "train"}},
      {"apps",
       {"core", "kernels", "model", "comm", "optim", "io", "data", "tasks", "train", "export"}},
  };
  return table;
}

// The file of the tree that an include names, seen from `from`; null for the outside world's.
const SourceFile* resolve(const SourceTree& tree, const SourceFile& from, const Include& include) {
  const std::string beside =
      (fs::path(from.path).parent_path() / include.name).lexically_normal().generic_string();
  for (const std::string& path : {beside, "include/" + include.name, "src/" + include.name}) {
    const auto found = std::lower_bound(
        tree.cpp.begin(), tree.cpp.end(), path,
        [](const SourceFile& file, const std::string& p) { return file.path < p; });
    if (found != tree.cpp.end() && found->path == path) return &*found;
  }
  return nullptr;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whether `code` holds `word` and not as a part of a longer name.
bool has_word(const std::string& code, const std::string& word) {
  for (std::size_t at = code.find(word); at != std::string::npos; at = code.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool left = at == 0 || !is_word(word.front()) || !is_word(code[at - 1]);
    const bool right = end == code.size() || !is_word(word.back()) || !is_word(code[end]);
    if (left && right) return true;
  }
  return false;
}

// std::normal_distribution and its kin.
bool has_distribution(const std::string& code) {
  constexpr std::string_view ending = "_distribution";
  for (std::size_t at = code.find(ending); at != std::string::npos;
       at = code.find(ending, at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && is_word(code[begin - 1])) --begin;
    if (begin >= 5 && code.compare(begin - 5, 5, "std::") == 0) return true;
  }
  return false;
}

void visit(const SourceTree& tree, const SourceFile& file, std::set<const SourceFile*>& done,
           std::vector<const SourceFile*>& path, std::vector<Violation>& violations) {
  if (done.contains(&file)) return;
  path.push_back(&file);
  for (const Include& include : file.includes) {
    const SourceFile* next = resolve(tree, file, include);
    if (next == nullptr) continue;
    const auto start = std::find(path.begin(), path.end(), next);
    if (start == path.end()) {
      visit(tree, *next, done, path, violations);
      continue;
    }
    std::string round;
    for (auto each = start; each != path.end(); ++each) round += (*each)->path + " -> ";
    violations.push_back({file.path, include.line, "include cycle: " + round + next->path});
  }
  path.pop_back();
  done.insert(&file);
}

}  // namespace

std::vector<Violation> check_layers(const SourceTree& tree) {
  std::vector<Violation> violations;
  for (const SourceFile& file : tree.cpp) {
    if (file.path.starts_with("tests/")) continue;
    const auto layer = layers().find(file.folder);
    if (layer == layers().end()) {
      violations.push_back({file.path, 0, "stands in no folder of the layout"});
      continue;
    }
    for (const Include& include : file.includes) {
      const SourceFile* other = resolve(tree, file, include);
      if (other == nullptr) {
        if (include.name.starts_with("rondo/")) {
          violations.push_back({file.path, include.line, "includes a missing " + include.name});
        }
        continue;
      }
      if (other->folder != file.folder && !layer->second.contains(other->folder)) {
        violations.push_back(
            {file.path, include.line, file.folder + " may not use " + other->path});
      }
      if (file.path.starts_with("include/") && other->path.starts_with("src/")) {
        violations.push_back(
            {file.path, include.line, "a public contract may not use " + other->path});
      }
    }
  }
  return violations;
}

std::vector<Violation> check_cycles(const SourceTree& tree) {
  std::vector<Violation> violations;
  std::set<const SourceFile*> done;
  std::vector<const SourceFile*> path;
  for (const SourceFile& file : tree.cpp) visit(tree, file, done, path, violations);
  return violations;
}

std::vector<Violation> check_libraries(const SourceTree& tree) {
  struct Library {
    std::string name;
    std::vector<std::string> headers;  // beginnings of names
    std::string home;                  // beginning of the paths that may include them
    bool one_file;
  };
  static const std::vector<Library> libraries = {
      {"MPI", {"mpi.h", "mpi-ext.h"}, "src/comm/", false},
      {"HDF5", {"hdf5.h", "hdf5_hl.h", "H5", "highfive/"}, "src/io/", true},
      {"Boost.Program_options", {"boost/program_options"}, "src/apps/", true},
      {"Eigen", {"Eigen/"}, "src/apps/", false},
      {"Highway", {"hwy/"}, "src/kernels/", false},
      {"SentencePiece", {"sentencepiece_"}, "src/data/", true},
      {"libzip", {"zip.h"}, "src/data/", true},
      {"libspng", {"spng.h"}, "src/data/", true},
      {"TurboJPEG", {"turbojpeg.h"}, "src/data/", true},
      {"libsndfile", {"sndfile.h"}, "src/data/", true},
      {"protobuf's own library", {"google/protobuf/"}, "nowhere", true},
  };
  std::vector<Violation> violations;
  for (const Library& library : libraries) {
    std::string first;
    for (const SourceFile& file : tree.cpp) {
      if (file.path.starts_with("tests/")) continue;
      for (const Include& include : file.includes) {
        const bool hit = std::any_of(
            library.headers.begin(), library.headers.end(),
            [&](const std::string& header) { return include.name.starts_with(header); });
        if (!hit) continue;
        if (!file.path.starts_with(library.home)) {
          violations.push_back(
              {file.path, include.line, library.name + " is known in " + library.home + " alone"});
        } else if (first.empty()) {
          first = file.path;
        } else if (library.one_file && first != file.path) {
          violations.push_back(
              {file.path, include.line, library.name + " is included by " + first + " already"});
        }
      }
    }
  }
  return violations;
}

std::vector<Violation> check_arithmetic(const SourceTree& tree) {
  static const Names folders = {"core", "kernels", "model", "optim", "data", "train"};
  static const std::vector<std::string> words = [] {
    std::vector<std::string> all = {"std::shuffle",
                                    "std::hash",
                                    "std::reduce",
                                    "std::transform_reduce",
                                    "std::unordered_map",
                                    "std::unordered_set",
                                    "std::random_device",
                                    "std::mt19937",
                                    "#pragma omp",
                                    "ReduceSum",
                                    "SumOfLanes",
                                    "ApproximateReciprocal",
                                    "ApproximateReciprocalSqrt"};
    for (const char* function : {"exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "pow",
                                 "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "cbrt"}) {
      all.push_back(std::string("std::") + function);
      all.push_back(std::string("std::") + function + "f");
      all.push_back(std::string(function) + "f");  // C's own, also without a namespace
    }
    return all;
  }();
  std::vector<Violation> violations;
  for (const SourceFile& file : tree.cpp) {
    if (!folders.contains(file.folder)) continue;
    for (const Include& include : file.includes) {
      if (include.name.starts_with("hwy/contrib/")) {
        violations.push_back({file.path, include.line, include.name + " differs between releases"});
      }
    }
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      const int line = static_cast<int>(i) + 1;
      for (const std::string& word : words) {
        if (has_word(file.code[i], word)) {
          violations.push_back({file.path, line, word + " gives other bits on other machines"});
        }
      }
      if (has_distribution(file.code[i])) {
        violations.push_back({file.path, line, "standard distributions differ between libraries"});
      }
    }
  }
  for (const SourceFile& file : tree.cmake) {
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      for (const char* flag : {"-march=native", "-mtune=native", "-ffast-math", "-Ofast",
                               "-funsafe-math-optimizations", "-ffp-contract=fast"}) {
        if (file.code[i].find(flag) == std::string::npos) continue;
        violations.push_back(
            {file.path, static_cast<int>(i) + 1, std::string(flag) + " changes the arithmetic"});
      }
    }
  }
  return violations;
}

std::vector<Violation> check_tests(const SourceTree& tree) {
  std::vector<Violation> violations;
  for (const SourceFile& file : tree.cpp) {
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      for (const char* word : {"DISABLED_", "GTEST_SKIP"}) {
        if (file.code[i].find(word) == std::string::npos) continue;
        violations.push_back({file.path, static_cast<int>(i) + 1,
                              std::string(word) + ": a test that does not run is a failure"});
      }
    }
  }
  return violations;
}

std::vector<Violation> check_lengths(const SourceTree& tree, int limit) {
  std::vector<Violation> violations;
  for (const SourceFile& file : tree.cpp) {
    const int lines = static_cast<int>(file.code.size());
    if (lines > limit) {
      violations.push_back({file.path, lines, "has more than " + std::to_string(limit) + " lines"});
    }
  }
  return violations;
}

std::vector<Violation> check_top_level(const SourceTree& tree) {
  // "build" is where the presets build; git ignores it.
  static const Names allowed = {
      "src",   "include",        "launch",    "tests",   "datasets",
      "build", "CMakeLists.txt", "README.md", "LICENSE", "CMakePresets.json"};
  std::vector<Violation> violations;
  for (const auto& entry : fs::directory_iterator(tree.root)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') && !allowed.contains(name)) {
      violations.push_back({name, 0, "does not belong at the top"});
    }
  }
  std::sort(violations.begin(), violations.end(),
            [](const Violation& a, const Violation& b) { return a.path < b.path; });
  return violations;
}

std::string to_text(const std::vector<Violation>& violations) {
  std::string text;
  for (const Violation& violation : violations) {
    text += violation.path;
    if (violation.line > 0) text.append(":").append(std::to_string(violation.line));
    text.append(": ").append(violation.what).append("\n");
  }
  return text;
}

}  // namespace rondo::layering
