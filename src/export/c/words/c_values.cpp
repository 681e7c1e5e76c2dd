#include "export/c/words/c_values.hpp"

#include <fmt/format.h>

#include <set>

namespace rondo {
namespace {

const std::set<std::string>& keywords() {
  static const std::set<std::string> words = {
      "auto",     "break",   "case",   "char",     "const",    "continue", "default",  "do",
      "double",   "else",    "enum",   "extern",   "float",    "for",      "goto",     "if",
      "inline",   "int",     "long",   "register", "restrict", "return",   "short",    "signed",
      "sizeof",   "static",  "struct", "switch",   "typedef",  "union",    "unsigned", "void",
      "volatile", "while",   "class",  "new",      "template", "this",     "bool",     "true",
      "false",    "nullptr", "typeof", "asm",      "unix",     "linux",    "private",  "public"};
  return words;
}

bool is_ascii_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string c_identifier(std::string_view text) {
  std::string name;
  for (const char c : text) name += is_ascii_letter_or_digit(c) ? c : '_';
  const bool begins_well = !name.empty() && name[0] != '_' && (name[0] < '0' || name[0] > '9');
  if (!begins_well) name.insert(0, "x_");
  return keywords().contains(name) ? name + '_' : name;
}

std::string c_string(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?' && c != '@') {
      literal += c;
    } else {
      literal += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
  }
  return literal + '"';
}

std::string c_number(float value) { return fmt::format("{:a}f", value); }
std::string c_number(double value) { return fmt::format("{:a}", value); }

std::string c_array(const std::string& name, std::span<const float> values) {
  constexpr std::size_t in_a_line = 6;
  std::string text = fmt::format("static const float {}[{}] = {{", name, values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    text += (i % in_a_line == 0 ? "\n  " : " ") + c_number(values[i]) + ",";
  }
  return text + "\n};\n";
}

std::string c_int8_array(const std::string& name, std::span<const float> numbers) {
  constexpr std::size_t in_a_line = 20;
  std::string text = fmt::format("static const int8_t {}[{}] = {{", name, numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    text += fmt::format("{}{},", i % in_a_line == 0 ? "\n  " : " ", static_cast<int>(numbers[i]));
  }
  return text + "\n};\n";
}

std::vector<float> transposed(std::span<const float> values, int rows, int columns) {
  std::vector<float> turned(values.size());
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      turned[static_cast<std::size_t>(column) * static_cast<std::size_t>(rows) +
             static_cast<std::size_t>(row)] =
          values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                 static_cast<std::size_t>(column)];
    }
  }
  return turned;
}

std::string c_comment(std::string text) {
  for (char& c : text) {
    if (c == '*' || c == '\\' || static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return text;
}

}  // namespace rondo
