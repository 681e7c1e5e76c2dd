// A graph of ONNX operators as it grows, and the file that it becomes.
//
// The one file of rondo's that knows ONNX's definitions (definitions.hpp) and what encodes them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rondo::onnx_export {

// The version of ONNX's operators that graphs are made of: of 2021, so that older readers know it.
inline constexpr int operator_set = 14;

enum class Type : std::uint8_t { boolean, int32, int64, float32, float64 };

// A tensor in a graph, by its name; an empty one stands for an input that is left out.
using Value = std::string;

// Of a tensor along one axis: a number, or what is known when the graph runs, by a name.
using Size = std::variant<std::int64_t, std::string>;
using Shape = std::vector<Size>;

class Graph;
using Attribute = std::variant<std::int64_t, std::string, std::vector<std::int64_t>,
                               std::vector<std::string>, const Graph*>;
using Attributes = std::vector<std::pair<std::string, Attribute>>;

// Names are unique: one that is taken already gets underscores behind it.
class Graph {
 public:
  // Of a body within another graph: its names begin with `prefix`, so that none is one of the outer
  // graph's.
  explicit Graph(std::string prefix = "");
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  Value input(const std::string& name, Type type, const Shape& shape);
  // What `value` is called from outside.
  Value output(const std::string& name, const Value& value, Type type, const Shape& shape);

  Value floats(std::span<const float> values, const std::vector<std::int64_t>& shape);
  Value doubles(std::span<const double> values, const std::vector<std::int64_t>& shape);
  Value integers(std::span<const std::int64_t> values);
  Value number(float value) { return floats({&value, 1}, {}); }

  // A node of one result, and of several.
  Value node(const std::string& operation, const std::vector<Value>& inputs,
             const Attributes& attributes = {});
  std::vector<Value> nodes(const std::string& operation, const std::vector<Value>& inputs,
                           int results, const Attributes& attributes = {});

  // Nodes that are asked for often.
  Value add(const Value& a, const Value& b) { return node("Add", {a, b}); }
  Value subtract(const Value& a, const Value& b) { return node("Sub", {a, b}); }
  Value multiply(const Value& a, const Value& b) { return node("Mul", {a, b}); }
  Value cast(const Value& value, Type to);
  Value unsqueeze(const Value& value, std::int64_t axis);
  Value squeeze(const Value& value, std::int64_t axis);
  Value side_by_side(const std::vector<Value>& values, std::int64_t axis);
  std::vector<Value> split(const Value& value, int parts, std::int64_t axis);
  // A tensor's sizes from axis `first` on to before `end`.
  Value sizes(const Value& value, std::int64_t first, std::int64_t end);

  // The file. RunError where it would be larger than such files can be, 2 GB.
  std::string model(const std::map<std::string, std::string>& about,
                    const std::string& version) const;

 private:
  struct Parts;
  std::string unique(const std::string& name);
  void add_node(const std::string& operation, const std::string& name,
                const std::vector<Value>& inputs, const std::vector<Value>& outputs,
                const Attributes& attributes);

  std::unique_ptr<Parts> parts_;
};

// What a file tells without running it.
struct ModelFacts {
  bool is_rondos = false;  // written by rondo export
  std::vector<std::string> inputs, outputs;
  std::map<std::string, std::string> about;
};

// Nothing of rondo's for bytes that are no ONNX model.
ModelFacts facts_of(const std::string& file);

}  // namespace rondo::onnx_export
