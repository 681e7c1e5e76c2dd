// h5dump opens the files as they are and shows what was put in. Built where it is installed: CMake
// then defines RONDO_H5DUMP, its path.
#ifdef RONDO_H5DUMP
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "rondo/io/checkpoint.hpp"
#include "rondo/io/dataset_file.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

// Standard output and error of a command.
std::string output_of(const std::string& command) {
  std::string output;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> piece{};
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), pipe)) {
    output.append(piece.data(), size);
  }
  ::pclose(pipe);
  return output;
}

void expect_shows(const std::filesystem::path& path, const std::vector<std::string>& words) {
  const std::string output = output_of(RONDO_H5DUMP " '" + path.string() + "'");
  for (const std::string& word : words) {
    EXPECT_NE(output.find(word), std::string::npos) << word << " is not in:\n" << output;
  }
}

TEST(ForeignReader, OpensACheckpoint) {
  const TemporaryFolder folder;
  NamedState state;
  const std::array<float, 2> values{0.5F, -3};
  state.put<float>("parameters/bias", values, {2}).attributes["gates"] = "i, f, g, o";
  state.texts["configuration"] = "cell = lstm";
  write_checkpoint(folder / "a.h5", state);
  expect_shows(folder / "a.h5", {"DATASET \"bias\"", "(0): 0.5, -3", "ATTRIBUTE \"gates\"",
                                 "\"i, f, g, o\"", "\"cell = lstm\"", "H5T_IEEE_F32LE"});
}

TEST(ForeignReader, OpensADataSet) {
  const TemporaryFolder folder;
  DatasetWriter writer(folder / "a.h5", {}, {{"train/tokens", ElementType::int32, 3}});
  const std::array<std::int32_t, 3> tokens{70001, 2, 3};
  writer.append(0, std::as_bytes(std::span(tokens)));
  writer.finish();
  expect_shows(folder / "a.h5", {"DATASET \"tokens\"", "(0): 70001, 2, 3"});
}

}  // namespace
}  // namespace rondo

#endif  // RONDO_H5DUMP
