#include "data/tables/values/cell_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace rondo {

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::optional<double> number_in(std::string_view text) {
  text = without_blanks(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || !std::isfinite(value)) return {};
  return value;
}

bool is_missing_number(std::string_view text) {
  std::string lower;
  for (const char c : without_blanks(text)) {
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower.size() > 3) return false;
  }
  return lower.empty() || lower == "na" || lower == "n/a" || lower == "nan";
}

std::string_view name_in(const Cell& cell, std::string& storage) {
  if (cell.numbers.empty()) return without_blanks(cell.text);
  if (std::ranges::all_of(cell.numbers, [](double value) { return std::isnan(value); })) return {};
  storage = fmt::format("{}", fmt::join(cell.numbers, " "));
  return storage;
}

bool is_before(const std::string& a, const std::string& b, bool as_numbers) {
  return as_numbers ? *number_in(a) < *number_in(b) : a < b;
}

}  // namespace rondo
