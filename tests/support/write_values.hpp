// Writes a made-up data set.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "rondo/io/dataset_file.hpp"

namespace rondo::test {

// `values` are those of `large`, in its order. The file's path; its folder is made.
template <class Value>
std::filesystem::path write_values(const std::filesystem::path& folder, const std::string& name,
                                   const NamedState& small,
                                   const std::vector<DatasetWriter::Large>& large,
                                   const std::vector<std::vector<Value>>& values) {
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = folder / name;
  DatasetWriter writer(file, small, large);
  for (std::size_t i = 0; i < values.size(); ++i) {
    writer.append(i, std::as_bytes(std::span(values[i])));
  }
  writer.finish();
  return file;
}

}  // namespace rondo::test
