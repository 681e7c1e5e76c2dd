#include "apps/report/html.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/pictures/svg.hpp"
#include "apps/report/style.hpp"

namespace rondo::apps::report {
namespace {

// Behind the first line: by it rondo knows what it may write anew.
constexpr const char* mark = "<!-- written by rondo report, which may write it anew -->\n";
constexpr const char* first_line = "<!DOCTYPE html>\n";

// What is not UTF-8 is replaced.
std::string utf8(const std::string& text) {
  using Json = nlohmann::json;
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace))
      .get<std::string>();
}

std::string with_class(const char* css_class) {
  return *css_class == '\0' ? "" : fmt::format(" class=\"{}\"", css_class);
}

std::string pairs(const Facts& list, const char* css_class) {
  std::string text = fmt::format("<dl class=\"{}\">\n", css_class);
  for (const auto& [name, value] : list) {
    text += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", plain(name), plain(value));
  }
  return text + "</dl>\n";
}

}  // namespace

std::string plain(const std::string& text) { return escaped(utf8(text)); }

std::string lines(const std::string& text) {
  std::string all;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (begin > 0) all += '\n';
    all += plain(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return all;
}

std::string heading(int level, const std::string& text) {
  return fmt::format("<h{0}>{1}</h{0}>\n", level, plain(text));
}

std::string paragraph(const std::string& text, const char* css_class) {
  return fmt::format("<p{}>{}</p>\n", with_class(css_class), plain(text));
}

std::string section(const std::string& body, const char* css_class) {
  return fmt::format("<section{}>\n{}</section>\n", with_class(css_class), body);
}

std::string on_demand(const std::string& summary, const std::string& body, bool open) {
  return fmt::format("<details{}><summary>{}</summary>\n{}</details>\n", open ? " open" : "",
                     plain(summary), body);
}

std::string preformatted(const std::string& text) {
  return fmt::format("<pre>{}</pre>\n", lines(text));
}

std::string beside(const std::vector<std::string>& bodies) {
  std::string text = "<div class=\"beside\">\n";
  for (const std::string& body : bodies) text += fmt::format("<div>\n{}</div>\n", body);
  return text + "</div>\n";
}

std::string figure(const std::string& svg, const std::string& caption, bool wide) {
  return fmt::format(
      "<figure{}>\n{}{}</figure>\n", wide ? " class=\"scroll\"" : "", svg,
      caption.empty() ? "" : fmt::format("<figcaption>{}</figcaption>\n", plain(caption)));
}

std::string facts(const Facts& list) { return pairs(list, "facts"); }
std::string digests(const Facts& list) { return pairs(list, "digests"); }
std::string short_facts(const Facts& list) { return pairs(list, "keys"); }
std::string cards(const Facts& list) { return pairs(list, "cards"); }

std::string table(const Table& table) {
  std::string text = "<div class=\"scroll\"><table>\n<thead><tr>";
  const auto cell_class = [&](std::size_t column) {
    return column < table.names ? "" : " class=\"number\"";
  };
  for (std::size_t i = 0; i < table.head.size(); ++i) {
    text += fmt::format("<th{}>{}</th>", cell_class(i), plain(table.head[i]));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    text += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += fmt::format("<td{}>{}</td>", cell_class(i), plain(row[i]));
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.2g} s", seconds);
  const auto whole = std::llround(std::min(seconds, 1e12));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

std::string page(const std::string& title, const std::string& body) {
  // Nothing is loaded from anywhere, and no script runs, whatever is in the data.
  return fmt::format(
      "{}{}<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{}"
      "</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
      first_line, mark, plain(title), style(), body);
}

bool is_page(const std::string& beginning) {
  return beginning.starts_with(std::string(first_line) + mark);
}

}  // namespace rondo::apps::report
