// The repository keeps the layout's rules; and each rule, given a small tree that breaks it, says
// so.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "rules.hpp"

namespace rondo::layering {
namespace {

namespace fs = std::filesystem;

// A tree of files in a folder of its own, which goes with it.
class Fixture {
 public:
  explicit Fixture(const std::map<std::string, std::string>& files) {
    std::string name = (fs::temp_directory_path() / "rondo-layering-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    root_ = name;
    for (const auto& [path, text] : files) {
      fs::create_directories((root_ / path).parent_path());
      std::ofstream(root_ / path) << text;
    }
  }
  ~Fixture() { fs::remove_all(root_); }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  SourceTree tree() const { return read_tree(root_); }

 private:
  fs::path root_;
};

template <class Check>
std::string broken(Check check, const std::map<std::string, std::string>& files) {
  return to_text(check(Fixture(files).tree()));
}

const SourceTree& repository() {
  static const SourceTree tree = read_tree(RONDO_SOURCE_DIR);
  return tree;
}

TEST(Repository, IsReadAsAWhole) {
  EXPECT_GT(repository().cpp.size(), 50U);
  EXPECT_GE(repository().cmake.size(), 3U);
}
TEST(Repository, KeepsItsLayers) { EXPECT_EQ(to_text(check_layers(repository())), ""); }
TEST(Repository, HasNoIncludeCycles) { EXPECT_EQ(to_text(check_cycles(repository())), ""); }
TEST(Repository, KeepsLibrariesBehindTheirWrappers) {
  EXPECT_EQ(to_text(check_libraries(repository())), "");
}
TEST(Repository, LeavesNoArithmeticToOthers) {
  EXPECT_EQ(to_text(check_arithmetic(repository())), "");
}
TEST(Repository, RunsAllItsTests) { EXPECT_EQ(to_text(check_tests(repository())), ""); }
TEST(Repository, HasFilesOfAReadableLength) {
  std::cout << to_text(check_lengths(repository(), 300));  // asks for a second look
  EXPECT_EQ(to_text(check_lengths(repository(), 400)), "");
}
TEST(Repository, HasATidyTop) { EXPECT_EQ(to_text(check_top_level(repository())), ""); }

TEST(Reader, BlanksCommentsAndLiterals) {
  const SourceFile file = read_cpp("src/core/a.cpp",
                                   "int a; // std::exp\n"
                                   "/* std::exp\n std::exp */ int b = 1'000;\n"
                                   "auto c = \"std::exp \\\" \"; char d = '\"';\n"
                                   "auto e = R\"x(std::exp)\" )x\"; int f;\n");
  std::string code;
  for (const std::string& line : file.code) code += line + "\n";
  EXPECT_EQ(code.find("exp"), std::string::npos) << code;
  for (const char* kept : {"int a;", "int b = 1'000;", "char d =", "int f;"}) {
    EXPECT_NE(code.find(kept), std::string::npos) << kept;
  }
  EXPECT_EQ(file.code.size(), 5U);
}

TEST(Reader, FindsIncludes) {
  const SourceFile file = read_cpp("src/core/a.cpp",
                                   "#include \"rondo/core/a.hpp\"\n"
                                   "// #include \"rondo/core/no.hpp\"\n"
                                   "  #  include <vector>\n"
                                   "#include HWY_TARGET_INCLUDE\n");
  ASSERT_EQ(file.includes.size(), 2U);
  EXPECT_EQ(file.includes[0].name, "rondo/core/a.hpp");
  EXPECT_EQ(file.includes[1].name, "vector");
  EXPECT_EQ(file.includes[1].line, 3);
  EXPECT_EQ(file.folder, "core");
}

TEST(Layers, LowerFoldersMayNotUseHigherOnes) {
  EXPECT_EQ(
      broken(check_layers, {{"include/rondo/comm/c.hpp", ""},
                            {"include/rondo/core/e.hpp", ""},
                            {"src/kernels/k.cpp",
                             "#include \"rondo/core/e.hpp\"\n#include \"rondo/comm/c.hpp\"\n"},
                            {"src/train/t.cpp", "#include \"rondo/comm/c.hpp\"\n"}}),
      "src/kernels/k.cpp:2: kernels may not use include/rondo/comm/c.hpp\n");
}

TEST(Layers, RelativePathsAndSourceHeadersCount) {
  EXPECT_EQ(broken(check_layers, {{"src/io/secret.hpp", ""},
                                  {"src/model/m.cpp", "#include \"../io/secret.hpp\"\n"},
                                  {"src/optim/o.cpp", "#include \"io/secret.hpp\"\n"}}),
            "src/model/m.cpp:1: model may not use src/io/secret.hpp\n"
            "src/optim/o.cpp:1: optim may not use src/io/secret.hpp\n");
}

TEST(Layers, ContractsMayNotUseImplementations) {
  EXPECT_EQ(broken(check_layers, {{"src/core/hidden.hpp", ""},
                                  {"include/rondo/core/a.hpp", "#include \"core/hidden.hpp\"\n"},
                                  {"include/rondo/core/b.hpp", "#include \"rondo/core/x.hpp\"\n"}}),
            "include/rondo/core/a.hpp:1: a public contract may not use src/core/hidden.hpp\n"
            "include/rondo/core/b.hpp:1: includes a missing rondo/core/x.hpp\n");
}

TEST(Layers, UnknownFoldersAreNamed) {
  EXPECT_EQ(broken(check_layers, {{"src/utils/u.cpp", ""}}),
            "src/utils/u.cpp: stands in no folder of the layout\n");
}

TEST(Cycles, AreFoundThroughSeveralFiles) {
  const std::string text =
      broken(check_cycles, {{"include/rondo/core/a.hpp", "#include \"rondo/core/b.hpp\"\n"},
                            {"include/rondo/core/b.hpp", "#include \"rondo/core/c.hpp\"\n"},
                            {"include/rondo/core/c.hpp", "#include \"rondo/core/a.hpp\"\n"},
                            {"include/rondo/core/d.hpp", "#include \"rondo/core/c.hpp\"\n"}});
  EXPECT_EQ(text,
            "include/rondo/core/c.hpp:1: include cycle: include/rondo/core/a.hpp -> "
            "include/rondo/core/b.hpp -> include/rondo/core/c.hpp -> include/rondo/core/a.hpp\n");
}

TEST(Libraries, StayBehindTheirWrappers) {
  EXPECT_EQ(broken(check_libraries,
                   {{"include/rondo/comm/c.hpp", "#include <mpi.h>\n"},
                    {"src/comm/mpi.cpp", "#include <mpi.h>\n"},
                    {"src/comm/session.cpp", "#include <mpi.h>\n"},
                    {"src/data/d.cpp", "#include <hdf5.h>\n"},
                    {"src/io/one.hpp", "#include <hdf5.h>\n"},
                    {"src/io/two.cpp", "#include <H5Cpp.h>\n"},
                    {"src/apps/options/options.cpp", "#include <boost/program_options.hpp>\n"},
                    {"src/apps/z.cpp", "#include <boost/program_options.hpp>\n"},
                    {"src/model/m.cpp", "#include <Eigen/Dense>\n"},
                    {"src/train/t.cpp", "#include <sentencepiece_trainer.h>\n"},
                    {"src/train/z.cpp", "#include <zip.h>\n"}}),
            "include/rondo/comm/c.hpp:1: MPI is known in src/comm/ alone\n"
            "src/data/d.cpp:1: HDF5 is known in src/io/ alone\n"
            "src/io/two.cpp:1: HDF5 is included by src/io/one.hpp already\n"
            "src/apps/z.cpp:1: Boost.Program_options is included by src/apps/options/options.cpp "
            "already\n"
            "src/model/m.cpp:1: Eigen is known in src/apps/ alone\n"
            "src/train/t.cpp:1: SentencePiece is known in src/data/ alone\n"
            "src/train/z.cpp:1: libzip is known in src/data/ alone\n");
}

TEST(Arithmetic, ForbiddenFunctionsAreFound) {
  EXPECT_EQ(
      broken(check_arithmetic,
             {{"src/train/t.cpp",
               "#include <hwy/contrib/math/math-inl.h>\n"
               "a = std::exp(b) + kernels::exp(c) + std::expected;\n"
               "std::normal_distribution<double> n; my_distribution m;\n"
               "x = hn::ReduceSum(d, v);\n"
               "std::unordered_map<int, int> y;\n"
               "z = tanhf(b) + half(c);\n"
               "#pragma omp parallel for reduction(+ : sum)\n"},
              {"src/apps/a.cpp", "a = std::exp(b);\n"},
              {"CMakeLists.txt", "# -ffast-math\nadd(-fno-fast-math)\nadd(-march=native)\n"}}),
      "src/train/t.cpp:1: hwy/contrib/math/math-inl.h differs between releases\n"
      "src/train/t.cpp:2: std::exp gives other bits on other machines\n"
      "src/train/t.cpp:3: standard distributions differ between libraries\n"
      "src/train/t.cpp:4: ReduceSum gives other bits on other machines\n"
      "src/train/t.cpp:5: std::unordered_map gives other bits on other machines\n"
      "src/train/t.cpp:6: tanhf gives other bits on other machines\n"
      "src/train/t.cpp:7: #pragma omp gives other bits on other machines\n"
      "CMakeLists.txt:3: -march=native changes the arithmetic\n");
}

TEST(Tests, DisabledAndSkippedOnesAreFound) {
  EXPECT_EQ(broken(check_tests, {{"tests/unit/core/a_test.cpp",
                                  "TEST(A, DISABLED_B) {}\nTEST(A, C) { GTEST_SKIP(); }\n"}}),
            "tests/unit/core/a_test.cpp:1: DISABLED_: a test that does not run is a failure\n"
            "tests/unit/core/a_test.cpp:2: GTEST_SKIP: a test that does not run is a failure\n");
}

TEST(Lengths, LongFilesAreFound) {
  std::string lines;
  for (int i = 0; i < 11; ++i) lines += "int a;\n";
  const auto check = [](const SourceTree& tree) { return check_lengths(tree, 10); };
  EXPECT_EQ(broken(check, {{"src/core/a.cpp", lines}, {"src/core/b.cpp", "int b;\n"}}),
            "src/core/a.cpp:11: has more than 10 lines\n");
}

TEST(TopLevel, StrangersAreFound) {
  EXPECT_EQ(
      broken(check_top_level, {{"src/core/a.cpp", ""}, {".gitignore", ""}, {"notes.txt", ""}}),
      "notes.txt: does not belong at the top\n");
}

}  // namespace
}  // namespace rondo::layering
