#include "tasks/figures/class_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rondo::tasks {
namespace {

double share(std::int64_t part, std::int64_t all) {
  return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0;
}

}  // namespace

double precision(const ClassCounts& counts) { return share(counts.right, counts.said); }
double recall(const ClassCounts& counts) { return share(counts.right, counts.given); }
double f1(const ClassCounts& counts) { return share(2 * counts.right, counts.given + counts.said); }

double macro_f1(const std::vector<ClassCounts>& classes) {
  double sum = 0, count = 0;
  for (const ClassCounts& one : classes) {
    if (one.given + one.said == 0) continue;
    sum += f1(one);
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

std::size_t shown_width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
std::string padded(const std::string& text, std::size_t width) {
  const std::size_t shown = shown_width(text);
  return text + std::string(width > shown ? width - shown : 0, ' ');
}

std::vector<std::string> names_of(const Column& target) {
  std::vector<std::string> names;
  for (int i = 0; i < target.vocabulary->size(); ++i) {
    names.push_back(target.symbol_name(static_cast<std::size_t>(i)));
  }
  return names;
}

std::string class_lines(const std::string& what, const std::vector<ClassCounts>& classes,
                        const std::vector<std::string>& each) {
  std::size_t names = 5;
  for (const std::string& name : each) names = std::max(names, shown_width(name));
  std::string text = fmt::format("\n     {}{:>12}{:>12}{:>12}{:>12}\n", padded(what, names),
                                 "precision", "recall", "F1", "given");
  for (std::size_t i = 0; i < classes.size(); ++i) {
    text += fmt::format("{:>3}  {}{:>10.1f} %{:>10.1f} %{:>10.1f} %{:>12}\n", i + 1,
                        padded(each[i], names), 100 * precision(classes[i]),
                        100 * recall(classes[i]), 100 * f1(classes[i]), classes[i].given);
  }
  return text;
}

nlohmann::ordered_json class_list(const std::string& what, const std::vector<ClassCounts>& classes,
                                  const std::vector<std::string>& each) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    list.push_back({{what, each[i]},
                    {"precision", precision(classes[i])},
                    {"recall", recall(classes[i])},
                    {"f1", f1(classes[i])},
                    {"given", classes[i].given}});
  }
  return list;
}

}  // namespace rondo::tasks
