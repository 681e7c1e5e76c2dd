#include "apps/options/config_file.hpp"

#include <algorithm>
#include <string_view>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo::apps {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view white_space = " \t\v\f";
constexpr std::size_t largest = std::size_t{1} << 20;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(white_space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

std::string_view without_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at < line.size(); at = line.find('#', at + 1)) {
    if (at == 0 || white_space.find(line[at - 1]) != std::string_view::npos)
      return line.substr(0, at);
  }
  return line;
}

// Takes the first line, without its end, off the front of `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2
                                                          : std::min(end + 1, text.size()));
  return line;
}

}  // namespace

std::vector<ConfigLine> read_config_file(const std::string& option, const std::string& path) {
  const std::string whole = read_small_file(path, largest, option + " " + path);
  std::string_view text = whole;
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.find('\0') != std::string_view::npos) {
    throw_input("{} {} holds NUL bytes, as UTF-16 does: save it as UTF-8", option, path);
  }
  std::vector<ConfigLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = trimmed(without_comment(take_line(text)));
    const std::string where = fmt::format("{} line {}: ", path, number);
    if (line.empty()) continue;
    if (line.starts_with('[')) {
      throw_input("{}sections like {} are not used; write \"name = value\" lines", where, line);
    }
    const std::size_t equals = line.find('=');
    const std::string_view name = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || name.empty()) {
      throw_input("{}{} is not \"name = value\"", where, quoted(line));
    }
    lines.push_back({std::string(name), std::string(trimmed(line.substr(equals + 1))), where});
  }
  return lines;
}

bool in_quotes(const std::string& value) {
  return value.size() >= 2 && value.front() == value.back() &&
         (value.front() == '"' || value.front() == '\'');
}

}  // namespace rondo::apps
