#include <gtest/gtest.h>
#include <onnx_model.pb.h>

#include <array>
#include <cstring>
#include <set>

#include "export/onnx/cells.hpp"
#include "export/onnx/graph.hpp"
#include "rondo/model/cell.hpp"

namespace rondo::onnx_export {
namespace {

using Names = std::vector<std::string>;

onnx::ModelProto parsed(const std::string& file) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(file));
  return model;
}

TEST(OnnxGraph, IsWhatOnnxsDefinitionsReadBack) {
  Graph graph;
  const Value x = graph.input("x", Type::float32, {"time", std::int64_t{2}});
  const std::array<float, 2> values = {1.5F, -2};
  graph.output("y", graph.add(x, graph.floats(values, {2})), Type::float32, {"time", 2});
  const std::string file = graph.model({{"task", "text"}}, "9.9");
  const onnx::ModelProto model = parsed(file);
  EXPECT_EQ(model.opset_import(0).version(), operator_set);
  EXPECT_EQ(model.producer_version(), "9.9");
  ASSERT_EQ(model.graph().input_size(), 1);
  const auto& shape = model.graph().input(0).type().tensor_type().shape();
  EXPECT_EQ(shape.dim(0).dim_param(), "time");
  EXPECT_EQ(shape.dim(1).dim_value(), 2);
  ASSERT_EQ(model.graph().initializer_size(), 1);
  const std::string& bytes = model.graph().initializer(0).raw_data();
  ASSERT_EQ(bytes.size(), sizeof values);
  EXPECT_EQ(std::memcmp(bytes.data(), values.data(), bytes.size()), 0);
  ASSERT_EQ(model.graph().node_size(), 2);
  EXPECT_EQ(model.graph().node(0).op_type(), "Add");
  EXPECT_EQ(model.graph().node(1).output(0), "y");

  const ModelFacts facts = facts_of(file);
  EXPECT_TRUE(facts.is_rondos);
  EXPECT_EQ(facts.inputs, Names{"x"});
  EXPECT_EQ(facts.outputs, Names{"y"});
  EXPECT_EQ(facts.about.at("task"), "text");
}

TEST(OnnxGraph, CallsNoTwoValuesTheSame) {
  Graph body("x.");
  body.output("y", body.input("y", Type::float32, {}), Type::float32, {});
  Graph graph;
  const Value a = graph.input("Add.0", Type::float32, {});
  const Value b = graph.input("Add.0", Type::float32, {});
  graph.output("Add.0", graph.add(a, b), Type::float32, {});
  graph.nodes("Split", {a}, 2, {{"body", &body}});
  const onnx::ModelProto model = parsed(graph.model({}, ""));
  std::set<std::string> names;
  int values = 0;
  const auto see = [&](const onnx::GraphProto& of) {
    for (const auto& input : of.input()) values += names.insert(input.name()).second ? 1 : 0;
    for (const auto& node : of.node()) {
      for (const auto& output : node.output()) values += names.insert(output).second ? 1 : 0;
    }
  };
  see(model.graph());
  see(model.graph().node(2).attribute(0).g());
  EXPECT_EQ(values, 2 + 1 + 1 + 2 + 2);
}

TEST(OnnxGraph, KnowsFilesThatAreNone) {
  for (const std::string& file : {std::string(), std::string("no model"), std::string(100, '\0')}) {
    EXPECT_FALSE(facts_of(file).is_rondos);
  }
}

TEST(OnnxCells, AreAllThatThereAre) {
  for (const std::string& cell : cell_names()) EXPECT_NE(cell_nodes(cell), nullptr) << cell;
  EXPECT_EQ(cell_nodes("no cell"), nullptr);
}

}  // namespace
}  // namespace rondo::onnx_export
