#include "apps/report/measured/measured_tables.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <numbers>

#include "apps/looking/describe.hpp"
#include "apps/report/figures.hpp"

namespace rondo::apps::report {

std::string in_words(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return grouped(value.get<std::int64_t>());
  if (value.is_number()) return fmt::format("{:.4g}", value.get<double>());
  if (!value.is_array()) return value.dump();
  std::string text;
  for (const Json& one : value) text += (text.empty() ? "" : "; ") + in_words(one);
  return text;
}

std::string title_of(std::string key) {
  key.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(key.front())));
  return key;
}

std::string table_of(const Json& list) {
  Table table;
  for (const auto& [key, value] : list.front().items()) table.head.push_back(key);
  for (const Json& one : list) {
    std::vector<std::string>& row = table.rows.emplace_back();
    for (const std::string& key : table.head) {
      row.push_back(one.contains(key) ? in_words(one[key]) : "");
    }
  }
  return report::table(table);
}

std::string splits_table(const DatasetReader& file) {
  Table table;
  const Json described = describe_dataset(file);
  for (const auto& [name, counts] : described["splits"].items()) {
    if (table.head.empty()) {
      table.head = {"split"};
      for (const auto& [what, count] : counts.items()) table.head.push_back(what);
    }
    std::vector<std::string>& row = table.rows.emplace_back(std::vector{name});
    for (const auto& [what, count] : counts.items()) row.push_back(in_words(count));
  }
  return table.rows.empty() ? "" : report::table(table);
}

std::string figures_table(const Evaluation& evaluation, LossUnit unit, std::int64_t answered,
                          std::int64_t sequences, const Intervals& intervals) {
  Table table{{"figure", "value"}, {}, 1};
  if (evaluation.loss > 0) {
    table.rows.push_back({"loss, nats a target", fmt::format("{:.4f}", evaluation.loss)});
    if (unit == LossUnit::bits_per_character) {
      table.rows.push_back(
          {"bits per character", fmt::format("{:.4f}", evaluation.loss / std::numbers::ln2)});
    } else if (unit == LossUnit::perplexity) {
      table.rows.push_back({"perplexity", fmt::format("{:.2f}", std::exp(evaluation.loss))});
    }
  }
  for (const Figure& figure : evaluation.figures) {
    // Steps of one sequence are no samples of their own.
    std::string interval = answered == sequences ? interval_text(figure.name, figure.value,
                                                                 static_cast<double>(answered))
                                                 : "";
    const auto found = intervals.find(figure.name);
    if (interval.empty() && found != intervals.end()) {
      const auto& [low, high] = found->second;
      interval = figure.is_share ? fmt::format("{:.2f} to {:.2f} %", 100 * low, 100 * high)
                                 : fmt::format("{:.5g} to {:.5g}", low, high);
    }
    if (!interval.empty() && table.head.size() == 2) table.head.emplace_back("95 % interval");
    table.rows.push_back({figure.name, figure.is_share ? fmt::format("{:.2f} %", 100 * figure.value)
                                                       : fmt::format("{:.5g}", figure.value)});
    if (!interval.empty()) table.rows.back().push_back(interval);
  }
  table.rows.push_back({"targets", grouped(evaluation.targets)});
  for (auto& row : table.rows) row.resize(table.head.size());
  return report::table(table);
}

}  // namespace rondo::apps::report
