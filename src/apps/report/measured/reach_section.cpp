#include "apps/report/measured/reach_section.hpp"

#include <fmt/format.h>

#include <optional>

#include "apps/report/chart.hpp"
#include "apps/report/html.hpp"
#include "apps/report/measured/measured_tables.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps::report {
namespace {

std::optional<MeasuredReach> reach_of(const NamedState& state, const std::string& where,
                                      const ReachQuestion& question) {
  try {
    return measure_reach(state, where, question);
  } catch (const InputError&) {  // `rondo inspect --gradient-reach` says why
    return std::nullopt;
  }
}

}  // namespace

std::string reach_section(const NamedState& state, const std::string& where,
                          const ReachQuestion& question, const std::string& id) {
  const std::optional<MeasuredReach> measured = reach_of(state, where, question);
  if (!measured) return "";
  Chart chart{"norm of the gradient, relative to that at the loss",
              {},
              true,
              "steps before the loss",
              true};
  std::vector<std::pair<std::size_t, std::string>> names;
  Table table{{"", "steps in which 99 % arrive"}, {}, 1};
  for (const LayerReach& reach : measured->reach.layers) {
    Points points;
    for (std::size_t k = 0; k < reach.norms.size(); ++k) {
      points.emplace_back(static_cast<double>(k), reach.norm(static_cast<std::int64_t>(k)));
    }
    names.emplace_back(names.size(), layer_name(reach.layer));
    chart.curves.push_back({names.back().second, names.back().first, std::move(points)});
    table.rows.push_back({names.back().second, grouped(reach.window_losing_less(little_lost))});
  }
  const std::string svg = draw(chart, id);
  if (svg.empty()) return "";
  return paragraph(title_of(verdict(*measured)) + ".") + legend(names) +
         beside({figure(svg, ""), report::table(table)});
}

}  // namespace rondo::apps::report
