#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <regex>
#include <set>

#include "export/onnx/cells.hpp"
#include "export/onnx/graph.hpp"
#include "rondo/model/cell.hpp"
#include "temporary_folder.hpp"

namespace rondo::onnx_export {
namespace {

using Names = std::vector<std::string>;

// A file as protoc prints it, by ONNX's own definitions.
std::string printed(const std::string& file) {
  const TemporaryFolder folder;
  write_bytes(folder / "model", file);
  const std::string proto = RONDO_ONNX_PROTO;
  const std::string command =
      fmt::format("protoc --decode=onnx.ModelProto '--proto_path={}' '{}' <'{}' >'{}'",
                  proto.substr(0, proto.rfind('/')), proto, (folder / "model").string(),
                  (folder / "text").string());
  EXPECT_EQ(std::system(command.c_str()), 0);
  return read_bytes(folder / "text");
}

TEST(OnnxGraph, IsWhatOnnxsDefinitionsReadBack) {
  Graph graph;
  const Value x = graph.input("x", Type::float32, {"time", std::int64_t{2}});
  const std::array<float, 2> values = {1.5F, -2};
  const Value sum = graph.add(x, graph.floats(values, {2}));
  const Value both = graph.node("Flat", {sum},
                                {{"axis", std::int64_t{-1}},
                                 {"mode", std::string("m")},
                                 {"sizes", std::vector<std::int64_t>{3, -4}},
                                 {"names", Names{"f", "g"}}});
  graph.output("y", both, Type::float64, {});
  const std::string file = graph.model({{"task", "text"}}, "9.9");
  EXPECT_EQ(printed(file), R"(ir_version: 7
producer_name: "rondo"
producer_version: "9.9"
graph {
  node {
    input: "x"
    input: "floats.0"
    output: "Add.0"
    name: "Add.0"
    op_type: "Add"
  }
  node {
    input: "Add.0"
    output: "Flat.1"
    name: "Flat.1"
    op_type: "Flat"
    attribute {
      name: "axis"
      i: -1
      type: INT
    }
    attribute {
      name: "mode"
      s: "m"
      type: STRING
    }
    attribute {
      name: "sizes"
      ints: 3
      ints: -4
      type: INTS
    }
    attribute {
      name: "names"
      strings: "f"
      strings: "g"
      type: STRINGS
    }
  }
  node {
    input: "Flat.1"
    output: "y"
    name: "y"
    op_type: "Identity"
  }
  name: "network"
  initializer {
    dims: 2
    data_type: 1
    name: "floats.0"
    raw_data: "\000\000\300?\000\000\000\300"
  }
  input {
    name: "x"
    type {
      tensor_type {
        elem_type: 1
        shape {
          dim {
            dim_param: "time"
          }
          dim {
            dim_value: 2
          }
        }
      }
    }
  }
  output {
    name: "y"
    type {
      tensor_type {
        elem_type: 11
        shape {
        }
      }
    }
  }
}
opset_import {
  version: 14
}
metadata_props {
  key: "task"
  value: "text"
}
)");

  const ModelFacts facts = facts_of(file);
  EXPECT_TRUE(facts.is_rondos);
  EXPECT_EQ(facts.inputs, Names{"x"});
  EXPECT_EQ(facts.outputs, Names{"y"});
  EXPECT_EQ(facts.about.at("task"), "text");
  for (std::size_t bytes = 0; bytes < file.size(); ++bytes) {
    static_cast<void>(facts_of(file.substr(0, bytes)));  // a file that is cut off harms nobody
  }
}

TEST(OnnxGraph, CallsNoTwoValuesTheSame) {
  Graph body("x.");
  body.output("y", body.input("y", Type::float32, {}), Type::float32, {});
  Graph graph;
  const Value a = graph.input("Add.0", Type::float32, {});
  const Value b = graph.input("Add.0", Type::float32, {});
  graph.output("Add.0", graph.add(a, b), Type::float32, {});
  graph.nodes("Split", {a}, 2, {{"body", &body}});
  const std::string text = printed(graph.model({}, ""));
  EXPECT_NE(text.find("type: GRAPH"), std::string::npos);
  // What nodes give, and what graphs are given.
  const std::regex value(R"x(\boutput: "([^"]*)"|\binput \{\s*name: "([^"]*)")x");
  std::set<std::string> names;
  int values = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), value), end; at != end; ++at) {
    const std::string name = (*at)[1].matched ? (*at)[1].str() : (*at)[2].str();
    values += names.insert(name).second ? 1 : 0;
  }
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
