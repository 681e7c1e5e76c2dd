// What of ONNX's definitions (onnx/onnx.proto) rondo writes and reads again: the numbers of their
// fields, message by message, and of their constants.
//
// protozero encodes them, not protobuf's own library: Debian's libsentencepiece has one of another
// version within, whose names it exports, and a program that links both ends before its main().
#pragma once

#include <cstdint>
#include <protozero/types.hpp>

namespace rondo::onnx_export {

enum class ModelField : protozero::pbf_tag_type {
  ir_version = 1,
  producer_name = 2,
  producer_version = 3,
  graph = 7,
  opset_import = 8,
  metadata_props = 14,
};

enum class OperatorSetField : protozero::pbf_tag_type { version = 2 };

enum class PropertyField : protozero::pbf_tag_type { key = 1, value = 2 };

enum class GraphField : protozero::pbf_tag_type {
  node = 1,
  name = 2,
  initializer = 5,
  input = 11,
  output = 12,
};

enum class NodeField : protozero::pbf_tag_type {
  input = 1,
  output = 2,
  name = 3,
  op_type = 4,
  attribute = 5,
};

enum class AttributeField : protozero::pbf_tag_type {
  name = 1,
  i = 3,
  s = 4,
  g = 6,
  ints = 8,
  strings = 9,
  type = 20,
};
enum class AttributeType : std::int32_t {
  integer = 2,
  string = 3,
  graph = 5,
  integers = 7,
  strings = 8
};

enum class TensorField : protozero::pbf_tag_type {
  dims = 1,
  data_type = 2,
  name = 8,
  raw_data = 9,
};
enum class DataType : std::int32_t { float32 = 1, int32 = 6, int64 = 7, boolean = 9, float64 = 11 };

enum class ValueField : protozero::pbf_tag_type { name = 1, type = 2 };
enum class TypeField : protozero::pbf_tag_type { tensor_type = 1 };
enum class TensorTypeField : protozero::pbf_tag_type { elem_type = 1, shape = 2 };
enum class ShapeField : protozero::pbf_tag_type { dim = 1 };
enum class DimensionField : protozero::pbf_tag_type { dim_value = 1, dim_param = 2 };

}  // namespace rondo::onnx_export
