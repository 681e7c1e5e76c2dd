#include "apps/report/measured/confusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "apps/pictures/visible.hpp"
#include "apps/report/html.hpp"
#include "tasks/figures/class_table.hpp"

namespace rondo::apps::report {
namespace {

constexpr std::size_t many_classes = 32;
constexpr std::size_t widest_head = 6;  // characters
constexpr std::size_t most_mistakes = 30;

std::string mistakes_table(const std::vector<std::vector<std::int64_t>>& confusion,
                           const std::vector<std::string>& names) {
  std::vector<std::tuple<std::int64_t, std::size_t, std::size_t>> mistakes;  // minus how often
  for (std::size_t given = 0; given < confusion.size(); ++given) {
    for (std::size_t said = 0; said < confusion.size(); ++said) {
      if (given != said && confusion[given][said] > 0) {
        mistakes.emplace_back(-confusion[given][said], given, said);
      }
    }
  }
  std::ranges::sort(mistakes);
  Table table{{"given", "said", "times"}, {}, 2};
  for (const auto& [times, given, said] : mistakes) {
    if (table.rows.size() == most_mistakes) break;
    table.rows.push_back({visible(names[given]), visible(names[said]), grouped(-times)});
  }
  return report::table(table);
}

// A cell, darker the larger a part of its row's targets it has.
std::string cell(std::int64_t count, std::int64_t of_row, bool diagonal) {
  const double share = of_row > 0 ? static_cast<double>(count) / static_cast<double>(of_row) : 0;
  std::string classes = diagonal ? "diagonal" : "";
  if (share > 0.55) classes += classes.empty() ? "dark" : " dark";
  return fmt::format("<td{}{}>{}</td>",
                     classes.empty() ? "" : fmt::format(" class=\"{}\"", classes),
                     count == 0 ? ""
                                : fmt::format(" style=\"background:rgba(var(--accent),{:.2f})\"",
                                              std::max(0.06, 0.95 * share)),
                     count == 0 ? "" : fmt::format("{}", count));
}

}  // namespace

std::string confusion_table(const std::vector<std::vector<std::int64_t>>& confusion,
                            const std::vector<std::string>& names) {
  if (confusion.size() > many_classes) return mistakes_table(confusion, names);
  // Columns are headed by their classes' numbers where names are too wide.
  const bool numbered = std::ranges::any_of(
      names, [](const std::string& name) { return tasks::shown_width(name) > widest_head; });
  std::string text = "<div class=\"scroll\"><table class=\"confusion\">\n<thead><tr><th></th>";
  for (std::size_t said = 0; said < confusion.size(); ++said) {
    text += fmt::format("<th scope=\"col\">{}</th>",
                        numbered ? fmt::format("{}", said + 1) : plain(visible(names[said])));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (std::size_t given = 0; given < confusion.size(); ++given) {
    std::int64_t of_row = 0;
    for (const std::int64_t count : confusion[given]) of_row += count;
    text += fmt::format("<tr><th scope=\"row\">{}{}</th>", plain(visible(names[given])),
                        numbered ? fmt::format(" {}", given + 1) : "");
    for (std::size_t said = 0; said < confusion.size(); ++said) {
      text += cell(confusion[given][said], of_row, given == said);
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n" +
         paragraph("Rows: given. Columns: said. Darker: a larger part of the row.", "small muted");
}

}  // namespace rondo::apps::report
