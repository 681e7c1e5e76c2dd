#include "export/onnx/graph.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>
#include <set>
#include <string_view>

#include "export/onnx/definitions.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::onnx_export {
namespace {

template <class Field>
using Builder = protozero::pbf_builder<Field>;
template <class Field>
using Reader = protozero::pbf_message<Field>;

constexpr const char* producer = "rondo";
constexpr int file_format = 7;  // ONNX's own number of it, which goes with the operators' version

std::int32_t number_of(Type type) {
  switch (type) {
    case Type::boolean:
      return static_cast<std::int32_t>(DataType::boolean);
    case Type::int32:
      return static_cast<std::int32_t>(DataType::int32);
    case Type::int64:
      return static_cast<std::int32_t>(DataType::int64);
    case Type::float32:
      return static_cast<std::int32_t>(DataType::float32);
    case Type::float64:
      break;
  }
  return static_cast<std::int32_t>(DataType::float64);
}

// A value that a graph has from outside, or gives.
void describe(Builder<GraphField>& graph, GraphField what, const std::string& name, Type type,
              const Shape& shape) {
  Builder<ValueField> value(graph, what);
  value.add_string(ValueField::name, name);
  Builder<TypeField> all(value, ValueField::type);
  Builder<TensorTypeField> tensor(all, TypeField::tensor_type);
  tensor.add_int32(TensorTypeField::elem_type, number_of(type));
  std::string bytes;
  Builder<ShapeField> sizes(bytes);
  for (const Size& size : shape) {
    Builder<DimensionField> dimension(sizes, ShapeField::dim);
    if (const auto* known = std::get_if<std::int64_t>(&size)) {
      dimension.add_int64(DimensionField::dim_value, *known);
    } else {
      dimension.add_string(DimensionField::dim_param, std::get<std::string>(size));
    }
  }
  tensor.add_message(TensorTypeField::shape, bytes);  // of a scalar an empty one
}

}  // namespace

// The fields of a message may come in any order: each is written when it is known.
struct Graph::Parts {
  std::string prefix;
  std::string bytes;
  Builder<GraphField> graph{bytes};
  int nodes = 0, constants = 0;
  std::set<std::string> names;

  template <class T>
  void add_constant(const Value& name, Type type, std::span<const T> values,
                    const std::vector<std::int64_t>& shape) {
    Builder<TensorField> tensor(graph, GraphField::initializer);
    tensor.add_string(TensorField::name, name);
    tensor.add_int32(TensorField::data_type, number_of(type));
    for (const std::int64_t size : shape) tensor.add_int64(TensorField::dims, size);
    const auto raw = std::as_bytes(values);
    tensor.add_bytes(TensorField::raw_data, reinterpret_cast<const char*>(raw.data()), raw.size());
    ++constants;
  }

  // Writes what an attribute is.
  class Setter {
   public:
    explicit Setter(Builder<AttributeField>& attribute) : to_(attribute) {}
    void operator()(std::int64_t value) const {
      set(AttributeType::integer);
      to_.add_int64(AttributeField::i, value);
    }
    void operator()(const std::string& value) const {
      set(AttributeType::string);
      to_.add_bytes(AttributeField::s, value);
    }
    void operator()(const std::vector<std::int64_t>& values) const {
      set(AttributeType::integers);
      for (const std::int64_t value : values) to_.add_int64(AttributeField::ints, value);
    }
    void operator()(const std::vector<std::string>& values) const {
      set(AttributeType::strings);
      for (const std::string& value : values) to_.add_bytes(AttributeField::strings, value);
    }
    void operator()(const Graph* body) const {
      set(AttributeType::graph);
      to_.add_message(AttributeField::g, body->parts_->bytes);
    }

   private:
    void set(AttributeType type) const {
      to_.add_enum(AttributeField::type, static_cast<std::int32_t>(type));
    }
    Builder<AttributeField>& to_;
  };
};

Graph::Graph(std::string prefix) : parts_(std::make_unique<Parts>()) {
  parts_->graph.add_string(GraphField::name, prefix.empty() ? "network" : prefix);
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
  describe(parts_->graph, GraphField::input, value, type, shape);
  return value;
}

Value Graph::output(const std::string& name, const Value& value, Type type, const Shape& shape) {
  Value named = unique(name);
  add_node("Identity", named, {value}, {named}, {});
  describe(parts_->graph, GraphField::output, named, type, shape);
  return named;
}

Value Graph::floats(std::span<const float> values, const std::vector<std::int64_t>& shape) {
  Value name = unique(fmt::format("floats.{}", parts_->constants));
  parts_->add_constant(name, Type::float32, values, shape);
  return name;
}

Value Graph::doubles(std::span<const double> values, const std::vector<std::int64_t>& shape) {
  Value name = unique(fmt::format("doubles.{}", parts_->constants));
  parts_->add_constant(name, Type::float64, values, shape);
  return name;
}

Value Graph::integers(std::span<const std::int64_t> values) {
  Value name = unique(fmt::format("integers.{}", parts_->constants));
  parts_->add_constant(name, Type::int64, values, {std::ssize(values)});
  return name;
}

void Graph::add_node(const std::string& operation, const std::string& name,
                     const std::vector<Value>& inputs, const std::vector<Value>& outputs,
                     const Attributes& attributes) {
  Builder<NodeField> node(parts_->graph, GraphField::node);
  node.add_string(NodeField::name, name);
  node.add_string(NodeField::op_type, operation);
  for (const Value& input : inputs) node.add_string(NodeField::input, input);
  for (const Value& output : outputs) node.add_string(NodeField::output, output);
  for (const auto& [key, value] : attributes) {
    Builder<AttributeField> attribute(node, NodeField::attribute);
    attribute.add_string(AttributeField::name, key);
    std::visit(Parts::Setter(attribute), value);
  }
  ++parts_->nodes;
}

std::vector<Value> Graph::nodes(const std::string& operation, const std::vector<Value>& inputs,
                                int results, const Attributes& attributes) {
  const std::string name = unique(fmt::format("{}.{}", operation, parts_->nodes));
  std::vector<Value> values{name};
  while (std::ssize(values) < results) {
    values.push_back(unique(fmt::format("{}.{}", operation, values.size())));
  }
  add_node(operation, name, inputs, values, attributes);
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
  std::string bytes;
  Builder<ModelField> model(bytes);
  model.add_int64(ModelField::ir_version, file_format);
  model.add_string(ModelField::producer_name, producer);
  model.add_string(ModelField::producer_version, version);
  {
    Builder<OperatorSetField> operators(model, ModelField::opset_import);
    operators.add_int64(OperatorSetField::version, operator_set);
  }
  for (const auto& [key, value] : about) {
    Builder<PropertyField> property(model, ModelField::metadata_props);
    property.add_string(PropertyField::key, key);
    property.add_string(PropertyField::value, value);
  }
  constexpr std::size_t most = std::numeric_limits<std::int32_t>::max(), around = 16;
  if (bytes.size() + parts_->bytes.size() + around > most) {
    throw_run("the model has more than 2 GB, and an ONNX file holds no more");
  }
  model.add_message(ModelField::graph, parts_->bytes);
  return bytes;
}

namespace {

// The names of the values in a graph's inputs or outputs.
std::vector<std::string> names_of(protozero::data_view graph, GraphField which) {
  std::vector<std::string> names;
  for (Reader<GraphField> fields(graph); fields.next(which);) {
    Reader<ValueField> value(fields.get_message());
    if (value.next(ValueField::name)) names.push_back(value.get_string());
  }
  return names;
}

ModelFacts read_facts(const std::string& file) {
  ModelFacts facts;
  for (Reader<ModelField> model(file); model.next();) {
    switch (model.tag()) {
      case ModelField::producer_name:
        facts.is_rondos = model.get_string() == producer;
        break;
      case ModelField::graph: {
        const protozero::data_view graph = model.get_view();
        facts.inputs = names_of(graph, GraphField::input);
        facts.outputs = names_of(graph, GraphField::output);
        break;
      }
      case ModelField::metadata_props: {
        std::string key, value;
        for (Reader<PropertyField> property(model.get_message()); property.next();) {
          (property.tag() == PropertyField::key ? key : value) = property.get_string();
        }
        facts.about.emplace(std::move(key), std::move(value));
        break;
      }
      default:
        model.skip();
    }
  }
  return facts;
}

}  // namespace

ModelFacts facts_of(const std::string& file) {
  try {
    ModelFacts facts = read_facts(file);
    if (facts.is_rondos) return facts;
  } catch (const protozero::exception&) {  // no message, or one that is cut off
  }
  return {};
}

}  // namespace rondo::onnx_export
