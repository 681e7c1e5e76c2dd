#include "apps/predicting/numbers_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tasks/answers/number_answers.hpp"

namespace rondo::apps {
namespace {

using kernels::NumberLoss;
using kernels::NumberLossKind;

// What is said of the numbers of a sequence: [number][part][row].
using Said = std::vector<std::vector<std::vector<double>>>;

std::string tsv_line(const Said& said) {
  std::string line;
  for (const auto& number : said) {
    for (const auto& part : number) {
      if (!line.empty()) line += '\t';
      for (std::size_t row = 0; row < part.size(); ++row) {
        line += (row == 0 ? "" : " ") + number_text(part[row]);
      }
    }
  }
  return line + '\n';
}

// One part of all numbers: a value, a list of steps, and of several numbers one of these each.
std::string part_json(const Said& said, std::size_t part, const Column& target) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < said.size(); ++i) {
    std::vector<std::string> steps;
    for (const double value : said[i][part]) steps.push_back(json_number(value));
    std::string own = fmt::format("{}", fmt::join(steps, ","));
    if (target.scope == ColumnScope::steps) own = "[" + own + "]";
    if (said.size() == 1) return own;
    all.push_back(json_text(target.number_name(i)) + ":" + own);
  }
  return fmt::format("{{{}}}", fmt::join(all, ","));
}

std::string json_line(const Said& said, const NumberLoss& loss, const Column& target) {
  std::string line = R"({"answer":)" + part_json(said, tasks::answer_part(loss), target);
  if (loss.kind == NumberLossKind::gaussian) {
    line += R"(,"deviation":)" + part_json(said, 1, target);
  }
  std::vector<std::string> quantiles;
  for (std::size_t q = 0; q < loss.quantiles.size(); ++q) {
    quantiles.push_back(fmt::format("\"{}\":{}", loss.quantiles[q], part_json(said, q, target)));
  }
  if (!quantiles.empty()) {
    line += fmt::format(R"(,"quantiles":{{{}}})", fmt::join(quantiles, ","));
  }
  return line + "}\n";
}

}  // namespace

std::string json_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}
std::string json_number(double value) { return std::isfinite(value) ? number_text(value) : "null"; }

std::string number_text(double value) { return fmt::format("{:.9g}", value); }

std::string numbers_text(const std::vector<std::vector<double>>& votes, std::size_t voters,
                         std::span<const std::int64_t> starts, const NumberLoss& loss,
                         const Column& target, bool json) {
  const auto width = static_cast<std::size_t>(target.width);
  const auto parts = static_cast<std::size_t>(loss.parts());
  std::string text;
  std::vector<double> number;
  for (std::size_t s = 0; s + 1 < starts.size(); ++s) {
    Said said(width, std::vector<std::vector<double>>(parts));
    for (std::int64_t row = starts[s]; row < starts[s + 1]; ++row) {
      for (std::size_t i = 0; i < width; ++i) {
        const auto own = std::span(votes[static_cast<std::size_t>(row)]).subspan(i * parts, parts);
        tasks::join_votes(loss, voters, own, number);
        tasks::to_units(loss, target, static_cast<int>(i), number);
        for (std::size_t p = 0; p < parts; ++p) said[i][p].push_back(number[p]);
      }
    }
    text += json ? json_line(said, loss, target) : tsv_line(said);
  }
  return text;
}

}  // namespace rondo::apps
