#include "data/tables/spelling_fit.hpp"

#include <algorithm>

#include "data/tables/table_survey.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/spelling.hpp"

namespace rondo {
namespace {

constexpr std::size_t most_named = 5;

}  // namespace

void note_fit(const Columns& columns, const SequenceValues& values, TooLongTargets& of_split) {
  const auto said = std::ranges::find_if(columns, &Column::has_own_steps);
  const auto& own = values.columns[static_cast<std::size_t>(said - columns.begin())];
  if (!own.is_given) return;
  std::vector<std::int32_t> labels;
  append_numbers(*said, own, values.length, labels);
  labels.pop_back();  // the end
  const std::int64_t needed = steps_to_spell(labels);
  if (needed <= values.length) return;
  if (++of_split.count > static_cast<std::int64_t>(most_named)) return;
  of_split.places.push_back(
      fmt::format("{}: {} steps, {} needed", values.rows[0].place(), values.length, needed));
}

}  // namespace rondo
