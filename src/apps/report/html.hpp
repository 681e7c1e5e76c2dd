// What a report's page is made of. Everything that is given as text is escaped here; `body` is
// HTML.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rondo/core/grouped.hpp"

namespace rondo::apps::report {

// Text as a page can hold it: UTF-8, without what means something to HTML, in one line.
std::string plain(const std::string& text);
// The same with its lines.
std::string lines(const std::string& text);

std::string heading(int level, const std::string& text);
std::string paragraph(const std::string& text, const char* css_class = "");
std::string section(const std::string& body, const char* css_class = "");
// Something that is seen on demand, and on paper always.
std::string on_demand(const std::string& summary, const std::string& body, bool open = false);
// A text to be copied, or one that was written by a model.
std::string preformatted(const std::string& text);
// Pictures or tables beside one another where there is room for them.
std::string beside(const std::vector<std::string>& bodies);
// A picture (pictures/svg.hpp, in_page()) with words below it; `wide` ones are moved to be seen.
std::string figure(const std::string& svg, const std::string& caption, bool wide = false);

// What is said in a few words of a few things.
using Facts = std::vector<std::pair<std::string, std::string>>;
std::string facts(const Facts& list);
// Of digests, which are long and are compared letter by letter.
std::string digests(const Facts& list);
// Many of a word or a number each.
std::string short_facts(const Facts& list);
// The same, large: the figures that are looked for first.
std::string cards(const Facts& list);

struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;  // each as long as the head
  std::size_t names = 1;                       // so many columns are words; those behind, numbers
};
std::string table(const Table& table);

// 45 s, 12 min 30 s, 3 h 12 min.
std::string duration(double seconds);

// The whole page. The same bytes for the same arguments.
std::string page(const std::string& title, const std::string& body);
// Whether a file is such a page.
bool is_page(const std::string& beginning);

}  // namespace rondo::apps::report
