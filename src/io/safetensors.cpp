#include "io/safetensors.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t length_bytes = 8;
constexpr std::uint64_t largest_header = 100'000'000;  // as the format's own reader has it
constexpr const char* texts_key = "__metadata__";

struct TypeName {
  const char* name;
  ElementType type;
};
constexpr TypeName type_names[] = {{"F32", ElementType::float32}, {"F64", ElementType::float64},
                                   {"I32", ElementType::int32},   {"I64", ElementType::int64},
                                   {"U8", ElementType::uint8},    {"U16", ElementType::uint16},
                                   {"U64", ElementType::uint64}};

std::string as_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string header_of(const NamedState& state) {
  Json header = Json::object();
  if (!state.texts.empty()) header[texts_key] = state.texts;
  std::uint64_t begin = 0;
  for (const auto& [name, array] : state.arrays()) {
    const auto type = std::ranges::find(type_names, array.type, &TypeName::type);
    const std::uint64_t end = begin + array.bytes.size();
    header[name] = {{"dtype", type->name}, {"shape", array.shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = as_json(header);
  text.append((length_bytes - text.size() % length_bytes) % length_bytes, ' ');
  return text;
}

// The length that a file announces; 0 where that cannot be one.
std::uint64_t header_length(const InputFile& file) {
  if (file.size() < length_bytes + 2) return 0;
  std::uint64_t length = 0;
  file.read(0, std::as_writable_bytes(std::span(&length, 1)));
  return length <= largest_header && length <= file.size() - length_bytes ? length : 0;
}

struct Place {
  std::uint64_t begin, end;
  NamedArray* array;
};

// The numbers of a list; nothing deeper than that is looked at.
std::vector<std::uint64_t> numbers_of(const Json& array, const char* key,
                                      const std::string& where) {
  const auto found = array.find(key);
  if (found == array.end() || !found->is_array()) throw_input("{} has no list '{}'", where, key);
  std::vector<std::uint64_t> numbers;
  for (const Json& number : *found) {
    if (!number.is_number_unsigned()) {
      throw_input("{} has something in '{}' that is no whole number", where, key);
    }
    numbers.push_back(number.get<std::uint64_t>());
  }
  return numbers;
}

Place add_array(const std::string& name, const Json& told, std::uint64_t bytes,
                const std::string& file, NamedState& state) {
  const std::string where = fmt::format("{}: '{}'", file, name);
  if (!told.is_object() || !told.contains("dtype") || !told["dtype"].is_string()) {
    throw_input("{} has no 'dtype'", where);
  }
  const auto type_name = told["dtype"].get<std::string>();
  const auto type =
      std::ranges::find_if(type_names, [&](const TypeName& one) { return type_name == one.name; });
  if (type == std::end(type_names)) {
    throw_input("{} has the type {}, which rondo does not read: save it as F32", where, type_name);
  }
  const std::vector<std::uint64_t> shape = numbers_of(told, "shape", where);
  const std::vector<std::uint64_t> at = numbers_of(told, "data_offsets", where);
  if (at.size() != 2 || at[0] > at[1] || at[1] > bytes) {
    throw_input("{} has 'data_offsets' outside of the file", where);
  }
  std::uint64_t size = size_of(type->type);
  for (const std::uint64_t dimension : shape) {
    if (dimension != 0 && size > bytes / dimension) {
      throw_input("{} has a shape that is larger than the file", where);
    }
    size *= dimension;
  }
  if (size != at[1] - at[0]) {
    throw_input("{} has {} bytes, and its shape needs {}", where, at[1] - at[0], size);
  }
  return {at[0], at[1], &state.add(name, type->type, shape)};
}

}  // namespace

std::string safetensors_bytes(const NamedState& state) {
  const std::string header = header_of(state);
  const std::uint64_t length = header.size();
  std::string file(reinterpret_cast<const char*>(&length), length_bytes);
  file += header;
  for (const auto& [name, array] : state.arrays()) {
    file.append(reinterpret_cast<const char*>(array.bytes.data()), array.bytes.size());
  }
  return file;
}

bool is_safetensors(const std::filesystem::path& path) {
  if (kind_of(path) != PathKind::file) return false;
  const InputFile file(path);
  if (header_length(file) == 0) return false;
  char first[2];
  file.read(length_bytes, std::as_writable_bytes(std::span(first)));
  return first[0] == '{' && (first[1] == '"' || first[1] == '}');
}

NamedState read_safetensors(const std::filesystem::path& path) {
  const InputFile file(path);
  const std::string where = path.string();
  const std::uint64_t length = header_length(file);
  if (length == 0) throw_input("{} is no safetensors file, or a part of one", where);
  std::string text(length, '\0');
  file.read(length_bytes, std::as_writable_bytes(std::span(text)));
  // What nests more deeply than any header is left out, so that nothing is walked by recursion.
  const Json::parser_callback_t shallow = [](int depth, Json::parse_event_t, Json&) {
    return depth < 4;
  };
  const Json header = Json::parse(text, shallow, false);
  if (!header.is_object()) throw_input("{}: its header is no JSON object", where);
  const std::uint64_t bytes = file.size() - length_bytes - length;
  NamedState state;
  std::vector<Place> places;
  for (const auto& [name, told] : header.items()) {
    if (name != texts_key) {
      places.push_back(add_array(name, told, bytes, where, state));
      continue;
    }
    if (!told.is_object()) throw_input("{}: '{}' is no object of texts", where, texts_key);
    for (const auto& [key, value] : told.items()) {
      if (!value.is_string()) throw_input("{}: '{}' is no text", where, key);
      state.texts[key] = value.get<std::string>();
    }
  }
  std::ranges::sort(places, {},
                    [](const Place& place) { return std::pair(place.begin, place.end); });
  std::uint64_t before = 0;
  for (const Place& place : places) {
    if (place.begin != before) throw_input("{}: its arrays do not lie end to end", where);
    before = place.end;
    file.read(length_bytes + length + place.begin, place.array->bytes);
  }
  if (before != bytes) throw_input("{} ends elsewhere than its last array", where);
  return state;
}

}  // namespace rondo
