#include "export/onnx/onnx_file.hpp"

#include <gtest/gtest.h>

#include "rondo/core/errors.hpp"
#include "rondo/tasks/task.hpp"

namespace rondo {
namespace {

std::vector<std::string> parts_of(const std::string& task) {
  NamedState checkpoint;
  checkpoint.texts["task"] = task;
  return onnx_parts(checkpoint, "run");
}

TEST(OnnxFile, HasGraphsForEveryTask) {
  using Names = std::vector<std::string>;
  for (const std::string& task : task_names()) {
    const bool is_pair = task == "transduce" || task == "caption";
    EXPECT_EQ(parts_of(task), is_pair ? (Names{"encoder", "decoder"}) : Names{""}) << task;
  }
}

TEST(OnnxFile, KnowsNoOtherTask) { EXPECT_THROW(parts_of("no task"), InputError); }

}  // namespace
}  // namespace rondo
