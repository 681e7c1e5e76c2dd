// Tables that become data sets in a folder of the test's own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/data/prepare_table.hpp"
#include "rondo/data/sequences.hpp"
#include "text_folder.hpp"

namespace rondo::test {

class PrepareTable : public testing::Test {
 protected:
  TableOptions options(std::string_view table) {
    TableOptions made;
    made.inputs = {folder_.write("t.csv", table)};
    made.targets = {"kind"};
    made.validation = made.test = 0;
    made.output = folder_ / "t.rondo";
    return made;
  }

  std::string refusal(const TableOptions& wrong) {
    const std::string said = folder_.refusal([&] { prepare_table(wrong); });
    EXPECT_NE(std::filesystem::exists(folder_ / "t.rondo"), !said.empty());
    return said;
  }

  // What a split holds, opened as training opens it.
  std::unique_ptr<SequenceSource> open(const std::string& split) {
    const auto file = std::make_shared<DatasetReader>(folder_ / "t.rondo");
    columns_ = load_columns(file->small(), "t.rondo");
    return open_sequences(file, columns_, split);
  }
  std::vector<double> numbers(const SequenceSource& source, int column, std::size_t count) {
    std::vector<double> values(count);
    source.read(column, 0, values);
    return values;
  }
  std::string symbols(const SequenceSource& source, int column, std::size_t count) {
    std::vector<std::int32_t> values(count);
    source.read(column, 0, values);
    return columns_[static_cast<std::size_t>(column)].vocabulary->decode(values);
  }

  TextFolder folder_;
  Columns columns_;
};

}  // namespace rondo::test
