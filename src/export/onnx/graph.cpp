#include "export/onnx/graph.hpp"

#include <onnx_model.pb.h>

#include <array>
#include <limits>
#include <set>

#include "rondo/core/errors.hpp"

namespace rondo::onnx_export {
namespace {

constexpr const char* producer = "rondo";
constexpr int file_format = 7;  // ONNX's own number of it, which goes with the operators' version

int number_of(Type type) {
  using onnx::TensorProto;
  switch (type) {
    case Type::boolean:
      return TensorProto::BOOL;
    case Type::int32:
      return TensorProto::INT32;
    case Type::int64:
      return TensorProto::INT64;
    case Type::float32:
      return TensorProto::FLOAT;
    case Type::float64:
      return TensorProto::DOUBLE;
  }
  return TensorProto::UNDEFINED;
}

void describe(onnx::ValueInfoProto& info, const std::string& name, Type type, const Shape& shape) {
  info.set_name(name);
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(number_of(type));
  tensor.mutable_shape();  // a scalar has a shape, too
  for (const Size& size : shape) {
    auto& dimension = *tensor.mutable_shape()->add_dim();
    if (const auto* known = std::get_if<std::int64_t>(&size)) {
      dimension.set_dim_value(*known);
    } else {
      dimension.set_dim_param(std::get<std::string>(size));
    }
  }
}

}  // namespace

struct Graph::Parts {
  std::string prefix;
  onnx::GraphProto graph;
  std::set<std::string> names;

  template <class T>
  Value constant(const std::string& name, Type type, std::span<const T> values,
                 const std::vector<std::int64_t>& shape) {
    auto& tensor = *graph.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(number_of(type));
    for (const std::int64_t size : shape) tensor.add_dims(size);
    tensor.set_raw_data(values.data(), values.size_bytes());
    return name;
  }

  struct Setter {
    onnx::AttributeProto& to;
    void operator()(std::int64_t value) const {
      to.set_type(onnx::AttributeProto::INT);
      to.set_i(value);
    }
    void operator()(const std::string& value) const {
      to.set_type(onnx::AttributeProto::STRING);
      to.set_s(value);
    }
    void operator()(const std::vector<std::int64_t>& values) const {
      to.set_type(onnx::AttributeProto::INTS);
      for (const std::int64_t value : values) to.add_ints(value);
    }
    void operator()(const std::vector<std::string>& values) const {
      to.set_type(onnx::AttributeProto::STRINGS);
      for (const std::string& value : values) to.add_strings(value);
    }
    void operator()(const Graph* body) const {
      to.set_type(onnx::AttributeProto::GRAPH);
      *to.mutable_g() = body->parts_->graph;
    }
  };
};

Graph::Graph(std::string prefix) : parts_(std::make_unique<Parts>()) {
  parts_->graph.set_name(prefix.empty() ? "network" : prefix);
  parts_->prefix = std::move(prefix);
}

Graph::~Graph() = default;

std::string Graph::unique(const std::string& name) {
  std::string free = parts_->prefix + name;
  while (!parts_->names.insert(free).second) free += '_';
  return free;
}

Value Graph::input(const std::string& name, Type type, const Shape& shape) {
  Value value = unique(name);
  describe(*parts_->graph.add_input(), value, type, shape);
  return value;
}

Value Graph::output(const std::string& name, const Value& value, Type type, const Shape& shape) {
  auto& node = *parts_->graph.add_node();
  const Value named = unique(name);
  node.set_name(named);
  node.set_op_type("Identity");
  node.add_input(value);
  node.add_output(named);
  describe(*parts_->graph.add_output(), named, type, shape);
  return named;
}

Value Graph::floats(std::span<const float> values, const std::vector<std::int64_t>& shape) {
  return parts_->constant(unique(fmt::format("floats.{}", parts_->graph.initializer_size())),
                          Type::float32, values, shape);
}

Value Graph::doubles(std::span<const double> values, const std::vector<std::int64_t>& shape) {
  return parts_->constant(unique(fmt::format("doubles.{}", parts_->graph.initializer_size())),
                          Type::float64, values, shape);
}

Value Graph::integers(std::span<const std::int64_t> values) {
  return parts_->constant(unique(fmt::format("integers.{}", parts_->graph.initializer_size())),
                          Type::int64, values, {std::ssize(values)});
}

std::vector<Value> Graph::nodes(const std::string& operation, const std::vector<Value>& inputs,
                                int results, const Attributes& attributes) {
  const std::string name = unique(fmt::format("{}.{}", operation, parts_->graph.node_size()));
  auto& node = *parts_->graph.add_node();
  node.set_name(name);
  node.set_op_type(operation);
  for (const Value& input : inputs) node.add_input(input);
  std::vector<Value> values;
  for (int i = 0; i < results; ++i) {
    values.push_back(i == 0 ? name : unique(fmt::format("{}.{}", operation, i)));
    node.add_output(values.back());
  }
  for (const auto& [key, value] : attributes) {
    auto& attribute = *node.add_attribute();
    attribute.set_name(key);
    std::visit(Parts::Setter{attribute}, value);
  }
  return values;
}

Value Graph::node(const std::string& operation, const std::vector<Value>& inputs,
                  const Attributes& attributes) {
  return nodes(operation, inputs, 1, attributes).front();
}

Value Graph::cast(const Value& value, Type to) {
  return node("Cast", {value}, {{"to", std::int64_t{number_of(to)}}});
}

Value Graph::unsqueeze(const Value& value, std::int64_t axis) {
  return node("Unsqueeze", {value, integers({&axis, 1})});
}

Value Graph::squeeze(const Value& value, std::int64_t axis) {
  return node("Squeeze", {value, integers({&axis, 1})});
}

Value Graph::side_by_side(const std::vector<Value>& values, std::int64_t axis) {
  if (values.size() == 1) return values.front();
  return node("Concat", values, {{"axis", axis}});
}

std::vector<Value> Graph::split(const Value& value, int parts, std::int64_t axis) {
  if (parts == 1) return {value};
  return nodes("Split", {value}, parts, {{"axis", axis}});
}

Value Graph::sizes(const Value& value, std::int64_t first, std::int64_t end) {
  const std::array bounds = {first, end};
  return node("Slice", {node("Shape", {value}), integers({bounds.data(), 1}),
                        integers({bounds.data() + 1, 1})});
}

std::string Graph::model(const std::map<std::string, std::string>& about,
                         const std::string& version) const {
  onnx::ModelProto model;
  model.set_ir_version(file_format);
  model.set_producer_name(producer);
  model.set_producer_version(version);
  model.add_opset_import()->set_version(operator_set);
  *model.mutable_graph() = parts_->graph;
  for (const auto& [key, value] : about) {
    auto& property = *model.add_metadata_props();
    property.set_key(key);
    property.set_value(value);
  }
  if (model.ByteSizeLong() > std::numeric_limits<std::int32_t>::max()) {
    throw_run("the model has more than 2 GB, and an ONNX file holds no more");
  }
  return model.SerializeAsString();
}

ModelFacts facts_of(const std::string& file) {
  onnx::ModelProto model;
  ModelFacts facts;
  if (!model.ParseFromString(file) || model.producer_name() != producer) return facts;
  facts.is_rondos = true;
  for (const auto& input : model.graph().input()) facts.inputs.push_back(input.name());
  for (const auto& output : model.graph().output()) facts.outputs.push_back(output.name());
  for (const auto& property : model.metadata_props()) {
    facts.about.emplace(property.key(), property.value());
  }
  return facts;
}

}  // namespace rondo::onnx_export
