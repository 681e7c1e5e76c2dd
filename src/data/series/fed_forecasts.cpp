// Sequences that are fed with what is said of their next rows.
#include <algorithm>

#include "rondo/data/forecasts.hpp"

namespace rondo {

void ForecastSequences::begin_feeding() {
  rows_fed_.assign(lengths_.size(), 0);
  fed_.assign(lengths_.size() * static_cast<std::size_t>(rows_ahead() * targets()), 0);
}

void ForecastSequences::feed(std::int64_t first, std::span<const double> said) {
  const auto width = static_cast<std::size_t>(targets());
  const auto row = static_cast<std::size_t>(rows_ahead()) * width;
  bool moves = false;
  for (std::size_t i = 0; i < said.size() / width; ++i) {
    const std::int64_t sequence = first + static_cast<std::int64_t>(i);
    const auto at = static_cast<std::size_t>(sequence);
    std::copy_n(said.data() + i * width, width,
                fed_.data() + at * row + static_cast<std::size_t>(rows_fed_[at]++) * width);
    const std::int64_t origin = first_origin_of(track_of(sequence), sequence) + rows_fed_[at];
    moves = moves || steps_to(origin) != lengths_[at];
    lengths_[at] = steps_to(origin);
  }
  // Windows grow near a series' start.
  for (std::size_t i = 0; moves && i < lengths_.size(); ++i) {
    starts_[i + 1] = starts_[i] + lengths_[i];
  }
}

ForecastSequences::Rows ForecastSequences::read_targets(const Track& track, std::int64_t sequence,
                                                        std::int64_t begin,
                                                        std::int64_t end) const {
  Rows rows = read_rows(places_.target, track.series, begin, end);
  if (rows_fed(sequence) == 0) return rows;
  const std::int64_t behind = first_origin_of(track, sequence) + 1;
  const double* const fed =
      fed_.data() + static_cast<std::size_t>(sequence * rows_ahead() * targets());
  for (std::int64_t row = std::max(behind, begin); row < std::min(end, behind + rows_fed(sequence));
       ++row) {
    for (int i = 0; i < targets(); ++i) {
      rows.numbers[static_cast<std::size_t>((row - begin) * rows.width + track.target + i)] =
          fed[(row - behind) * targets() + i];
    }
  }
  return rows;
}

}  // namespace rondo
