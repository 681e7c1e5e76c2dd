// `rondo` called as main() calls it.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/commands.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps {

// A folder that goes with the test, and `rondo` with its standard output caught.
class CommandTest : public testing::Test {
 protected:
  CommandTest() {
    std::string name = (std::filesystem::temp_directory_path() / "rondo-commands-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
  }
  ~CommandTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string output(const std::vector<std::string>& arguments) {
    testing::internal::CaptureStdout();
    int code = -1;
    try {
      code = run_rondo(arguments);
    } catch (...) {
      testing::internal::GetCapturedStdout();
      throw;
    }
    EXPECT_EQ(code, 0);
    return testing::internal::GetCapturedStdout();
  }
  std::string error(const std::vector<std::string>& arguments) {
    try {
      output(arguments);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
  nlohmann::json json(const std::vector<std::string>& arguments) {
    return nlohmann::json::parse(output(arguments));
  }

  std::filesystem::path folder_;
};

}  // namespace rondo::apps
