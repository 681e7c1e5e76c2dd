#include "apps/predicting/forecasts_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>

#include "apps/predicting/answers_text.hpp"
#include "apps/predicting/numbers_text.hpp"
#include "tasks/answers/number_answers.hpp"

namespace rondo::apps {
namespace {

using kernels::NumberLoss;

// A number that is forecast, in the target's units.
struct Said {
  double answer = 0, low = 0, high = 0;
};
// Of one series: [row ahead][target].
using Table = std::vector<std::vector<Said>>;

// All series' forecasts, in their order.
std::vector<Table> tables_of(const std::vector<std::vector<double>>& votes, std::size_t voters,
                             const ForecastSequences& sequences, const NumberLoss& loss,
                             std::vector<std::int64_t>& origins) {
  const auto targets = static_cast<std::size_t>(sequences.targets());
  const auto parts = static_cast<std::size_t>(loss.parts());
  const auto horizon = static_cast<std::size_t>(sequences.shape().horizon);
  const auto all = static_cast<std::size_t>(sequences.series().sequences());
  std::vector<Table> tables(
      all, Table(horizon, std::vector<Said>(static_cast<std::size_t>(sequences.all_targets()))));
  origins.assign(all, -1);
  std::vector<ForecastSequences::Scale> scales(horizon * targets);
  std::vector<double> number;
  for (std::size_t row = 0; row < votes.size(); ++row) {
    const ForecastSequences::Place place = sequences.place(static_cast<std::int64_t>(row));
    if (!place.counts) continue;
    sequences.scales(static_cast<std::int64_t>(row), scales);
    origins[static_cast<std::size_t>(place.series)] = place.origin;
    Table& table = tables[static_cast<std::size_t>(place.series)];
    for (std::size_t i = 0; i < scales.size(); ++i) {
      tasks::join_votes(loss, voters, std::span(votes[row]).subspan(i * parts, parts), number);
      tasks::to_units(loss, scales[i].base, scales[i].unit, number);
      const auto [low, high] = tasks::interval(loss, number);
      table[i / targets][static_cast<std::size_t>(place.target) + i % targets] = {
          number[tasks::answer_part(loss)], low, high};
    }
  }
  return tables;
}

// One of an answer's numbers of all rows ahead, and of several targets one such list each.
std::string list_of(const Table& table, double Said::*which, const Column& target) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < static_cast<std::size_t>(target.width); ++i) {
    std::vector<std::string> rows;
    for (const auto& row : table) rows.push_back(json_number(row[i].*which));
    std::string own = fmt::format("[{}]", fmt::join(rows, ","));
    if (target.width == 1) return own;
    all.push_back(json_text(target.number_name(i)) + ":" + own);
  }
  return fmt::format("{{{}}}", fmt::join(all, ","));
}

std::string lines_of(const Table& table, const SeriesRead& series,
                     const std::vector<std::string>& times, bool has_name, bool has_interval) {
  std::string text;
  for (std::size_t ahead = 0; ahead < table.size(); ++ahead) {
    if (has_name) text += in_one_line(series.name) + '\t';
    text += times[ahead];
    for (const Said& said : table[ahead]) {
      text += '\t' + number_text(said.answer);
      if (has_interval) text += '\t' + number_text(said.low) + '\t' + number_text(said.high);
    }
    text += '\n';
  }
  return text;
}

std::string object_of(const Table& table, const SeriesRead& series,
                      const std::vector<std::string>& times, const Column& target,
                      bool has_interval) {
  std::string line = R"({"answer":)" + list_of(table, &Said::answer, target);
  if (has_interval) {
    line += R"(,"low":)" + list_of(table, &Said::low, target);
    line += R"(,"high":)" + list_of(table, &Said::high, target);
  }
  if (!target.group.empty()) line += R"(,"series":)" + json_text(series.name);
  std::vector<std::string> quoted_times;
  for (const std::string& time : times) quoted_times.push_back(json_text(time));
  return line + fmt::format(R"(,"time":[{}]}})", fmt::join(quoted_times, ",")) + '\n';
}

}  // namespace

std::string forecasts_head(const Column& target, const NumberLoss& loss) {
  std::string head;
  if (!target.group.empty()) head += in_one_line(target.group) + '\t';
  head += target.time.empty() ? "row" : in_one_line(target.time);
  for (std::size_t i = 0; i < static_cast<std::size_t>(target.width); ++i) {
    const std::string name = in_one_line(target.number_name(i));
    head += '\t' + name + " forecast";
    if (tasks::interval_share(loss) > 0) head += '\t' + name + " low\t" + name + " high";
  }
  return head + '\n';
}

bool is_forecasts_head(std::string_view line) {
  return line.find('\t') != std::string_view::npos &&
         line.find(" forecast") != std::string_view::npos &&
         (line.ends_with(" forecast") || line.ends_with(" high"));
}

std::string forecasts_text(const std::vector<std::vector<double>>& votes, std::size_t voters,
                           const ForecastSequences& sequences,
                           const std::vector<SeriesRead>& series, const NumberLoss& loss,
                           const Column& target, bool json) {
  std::vector<std::int64_t> origins;
  const std::vector<Table> tables = tables_of(votes, voters, sequences, loss, origins);
  const bool has_interval = tasks::interval_share(loss) > 0;
  std::string text;
  for (std::size_t s = 0; s < tables.size(); ++s) {
    std::vector<std::string> times;
    for (std::int64_t ahead = 1; ahead <= sequences.shape().horizon; ++ahead) {
      times.push_back(series[s].times.behind(origins[s] + ahead - 1 - series[s].times.rows.back()));
    }
    text += json ? object_of(tables[s], series[s], times, target, has_interval)
                 : lines_of(tables[s], series[s], times, !target.group.empty(), has_interval);
  }
  return text;
}

}  // namespace rondo::apps
