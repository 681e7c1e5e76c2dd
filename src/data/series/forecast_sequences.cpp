#include <algorithm>
#include <cmath>
#include <limits>

#include "rondo/core/errors.hpp"
#include "rondo/data/forecasts.hpp"

namespace rondo {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
// How far back a value that is missing is replaced by an older one: rows, or seasons.
constexpr std::int64_t oldest_last = 64, oldest_season = 4;

double standardised(const Column& column, std::int64_t number, double value) {
  const auto at = static_cast<std::size_t>(number);
  return (value - column.mean[at]) * (1.0 / column.deviation[at]);
}

}  // namespace

ForecastSequences::ForecastSequences(std::shared_ptr<const SequenceSource> series,
                                     const Columns& stored, const ForecastShape& shape,
                                     Origins origins, std::vector<std::int64_t> context)
    : series_(std::move(series)),
      stored_(stored),
      places_(stored),
      columns_(forecast_columns(stored, shape)),
      shape_(shape),
      kind_(origins),
      width_(stored[static_cast<std::size_t>(places_.target)].width),
      stride_(origins == Origins::training && !shape.is_carried ? shape.stride : 1) {
  if (shape_.is_carried) shape_.segment = 1;
  statics_.assign(columns_.size(), -1);
  for (std::size_t i = 0, column = 0; i < stored.size(); ++i) {
    if (stored[i].role != ColumnRole::constant) continue;
    while (columns_[column].role != ColumnRole::constant || statics_[column] >= 0) ++column;
    statics_[column] = static_cast<int>(i);
  }
  context_ = std::move(context);
  context_.resize(static_cast<std::size_t>(series_->sequences()));
  for (std::int64_t i = 0; i < series_->sequences(); ++i) {
    const int tracks = shape_.is_apart ? width_ : 1;
    for (int target = 0; target < tracks; ++target) {
      add_track(i, target, context_[static_cast<std::size_t>(i)]);
    }
  }
}

std::unique_ptr<ForecastSequences> ForecastSequences::like(const ForecastShape& shape) const {
  auto other = std::make_unique<ForecastSequences>(series_, stored_, shape, kind_, context_);
  other->naive_ = naive_;
  return other;
}

void ForecastSequences::add_track(std::int64_t series, int target, std::int64_t context) {
  Track track{series, sequences(), 0, rows_of(series) - 1 - rows_ahead(), target, context};
  const std::int64_t shortest = shape_.segment - 1;
  track.first_origin = std::max(context - 1, shortest);
  if (kind_ == Origins::training && !shape_.is_carried) {
    track.first_origin = std::max(track.first_origin, shape_.look_back - 1);
  }
  if (kind_ == Origins::last) {
    track.first_origin = track.last_origin = last_given(series);
    check_last(track);
  }
  if (track.first_origin > track.last_origin) return;
  const std::int64_t count = (track.last_origin - track.first_origin) / stride_ + 1;
  origins_ += count;
  tracks_.push_back(track);
  const std::int64_t carried = kind_ == Origins::last ? track.last_origin + 1 : rows_of(series);
  for (std::int64_t i = 0; i < (shape_.is_carried ? 1 : count); ++i) {
    lengths_.push_back(shape_.is_carried ? static_cast<std::int32_t>(carried)
                                         : steps_to(track.first_origin + i * stride_));
    starts_.push_back(starts_.back() + lengths_.back());
  }
}

// That a series can be continued.
void ForecastSequences::check_last(const Track& track) const {
  const std::int64_t rows = track.last_origin + 1;
  if (rows < shape_.segment) {
    throw_input("series {} has {} row{} with a value, and a forecast needs {}", track.series + 1,
                rows, rows == 1 ? "" : "s", shape_.segment);
  }
  const std::int64_t known = rows_of(track.series) - rows;
  if (places_.known < 0 || known >= rows_ahead()) return;
  throw_input(
      "series {}: '{}' must be known of the {} rows that are forecast, and {} row{} follow the "
      "last "
      "value",
      track.series + 1, stored_[static_cast<std::size_t>(places_.known)].name, rows_ahead(), known,
      known == 1 ? "" : "s");
}

std::int64_t ForecastSequences::last_given(std::int64_t series) const {
  constexpr std::int64_t piece = 4096;
  for (std::int64_t end = rows_of(series); end > 0; end -= std::min(end, piece)) {
    const std::int64_t begin = std::max<std::int64_t>(0, end - piece);
    const Rows rows = read_rows(places_.target, series, begin, end);
    for (std::int64_t row = end - 1; row >= begin; --row) {
      for (std::int64_t i = 0; i < rows.width; ++i) {
        if (!std::isnan(rows.at(row, i))) return row;
      }
    }
  }
  return -1;
}

const ForecastSequences::Track& ForecastSequences::track_of(std::int64_t sequence) const {
  return *(std::ranges::upper_bound(tracks_, sequence, {}, &Track::first_sequence) - 1);
}

std::int64_t ForecastSequences::row_of(const Track& track, std::int64_t sequence,
                                       std::int64_t step) const {
  if (shape_.is_carried) return step;
  const std::int64_t origin = first_origin_of(track, sequence) + rows_fed(sequence);
  const std::int64_t steps = lengths_[static_cast<std::size_t>(sequence)];
  return origin - (steps - 1 - step) * shape_.segment;
}

ForecastSequences::Rows ForecastSequences::read_rows(int column, std::int64_t series,
                                                     std::int64_t begin, std::int64_t end) const {
  Rows rows;
  rows.first = begin;
  rows.width = stored_[static_cast<std::size_t>(column)].width;
  rows.numbers.assign(static_cast<std::size_t>((end - begin) * rows.width), none);
  const std::int64_t from = std::max<std::int64_t>(begin, 0), to = std::min(end, rows_of(series));
  if (from >= to) return rows;
  series_->read(column, series_->starts()[static_cast<std::size_t>(series)] + from,
                std::span(rows.numbers)
                    .subspan(static_cast<std::size_t>((from - begin) * rows.width),
                             static_cast<std::size_t>((to - from) * rows.width)));
  return rows;
}

std::int64_t ForecastSequences::oldest_base(std::int64_t origin) const {
  switch (shape_.subtract) {
    case Subtract::last:
      return origin + 1 -
             (shape_.is_carried || shape_.is_stepped ? oldest_last
                                                     : std::min(oldest_last, shape_.look_back));
    case Subtract::season:
      return origin + 1 - oldest_season * shape_.season;
    case Subtract::none:
      break;
  }
  return origin + 1;
}

double ForecastSequences::base_of(const Rows& rows, std::int64_t origin, std::int64_t ahead,
                                  int target) const {
  const double mean =
      stored_[static_cast<std::size_t>(places_.target)].mean[static_cast<std::size_t>(target)];
  if (shape_.subtract == Subtract::none) return mean;
  const std::int64_t oldest = oldest_base(origin);
  const std::int64_t apart = shape_.subtract == Subtract::season ? shape_.season : 1;
  std::int64_t row = origin;
  if (shape_.subtract == Subtract::season) row += ahead - (ahead - 1) / apart * apart - apart;
  for (; row >= oldest; row -= apart) {
    if (!std::isnan(rows.at(row, target))) return rows.at(row, target);
  }
  return mean;
}

void ForecastSequences::read_history(const Track& track, std::int64_t sequence, std::int64_t step,
                                     std::span<double> values) const {
  const Column& target = stored_[static_cast<std::size_t>(places_.target)];
  const auto each = static_cast<std::size_t>(columns_[0].width);
  const auto steps = static_cast<std::int64_t>(values.size() / each);
  const std::int64_t begin = row_of(track, sequence, step) + 1 - shape_.segment;
  const std::int64_t end = row_of(track, sequence, step + steps - 1) + 1;
  const bool is_relative =
      !shape_.is_carried && !shape_.is_stepped && shape_.subtract == Subtract::last;
  const std::int64_t origin =
      row_of(track, sequence, lengths_[static_cast<std::size_t>(sequence)] - 1);
  const std::int64_t from = is_relative ? std::min(begin, oldest_base(origin)) : begin;
  const Rows targets = read_targets(track, sequence, from, is_relative ? origin + 1 : end);
  const Rows sources =
      places_.source < 0 ? Rows{} : read_rows(places_.source, track.series, begin, end);
  std::vector<double> bases;
  for (int i = 0; i < this->targets(); ++i) {
    const int number = track.target + i;
    bases.push_back(is_relative ? base_of(targets, origin, 1, number)
                                : target.mean[static_cast<std::size_t>(number)]);
  }
  std::size_t to = 0;
  for (std::int64_t row = begin; row < end; ++row) {
    for (int i = 0; i < this->targets(); ++i) {
      const auto number = static_cast<std::size_t>(track.target + i);
      values[to++] = (targets.at(row, track.target + i) - bases[static_cast<std::size_t>(i)]) *
                     (1.0 / target.deviation[number]);
    }
    for (std::int64_t i = 0; places_.source >= 0 && i < sources.width; ++i) {
      values[to++] =
          standardised(stored_[static_cast<std::size_t>(places_.source)], i, sources.at(row, i));
    }
  }
}

void ForecastSequences::read_known(const Track& track, std::int64_t sequence, std::int64_t step,
                                   std::span<double> values) const {
  const auto each = static_cast<std::size_t>(columns_[1].width);
  const auto steps = static_cast<std::int64_t>(values.size() / each);
  const Column& column = stored_[static_cast<std::size_t>(places_.known)];
  const std::int64_t end = row_of(track, sequence, step + steps - 1) + 1 + shape_.horizon;
  const Rows rows = read_rows(places_.known, track.series, row_of(track, sequence, step) + 1, end);
  std::size_t to = 0;
  for (std::int64_t i = step; i < step + steps; ++i) {
    const std::int64_t origin = row_of(track, sequence, i);
    for (std::int64_t row = origin + 1; row <= origin + shape_.horizon; ++row) {
      for (std::int64_t number = 0; number < rows.width; ++number) {
        // Behind the series' end lies no forecast that counts.
        values[to++] =
            row >= rows_of(track.series) ? 0 : standardised(column, number, rows.at(row, number));
      }
    }
  }
}

void ForecastSequences::read_ahead(const Track& track, std::int64_t sequence, std::int64_t step,
                                   std::span<double> values) const {
  const Column& target = stored_[static_cast<std::size_t>(places_.target)];
  const auto each = static_cast<std::size_t>(columns_.back().width);
  const auto steps = static_cast<std::int64_t>(values.size() / each);
  std::ranges::fill(values, none);
  if (kind_ == Origins::last) return;
  const std::int64_t first = row_of(track, sequence, step);
  const std::int64_t last = row_of(track, sequence, step + steps - 1);
  const Rows rows = read_rows(places_.target, track.series, std::min(oldest_base(first), first + 1),
                              last + 1 + shape_.horizon);
  std::vector<double> inverses;
  for (int j = 0; j < targets(); ++j) {
    inverses.push_back(1.0 / target.deviation[static_cast<std::size_t>(track.target + j)]);
  }
  std::size_t to = 0;
  for (std::int64_t i = step; i < step + steps; ++i, to += each) {
    const std::int64_t origin = row_of(track, sequence, i);
    if (!counts(track, origin)) continue;
    std::size_t at = to;
    for (std::int64_t ahead = 1; ahead <= shape_.horizon; ++ahead) {
      for (int j = 0; j < targets(); ++j) {
        const int number = track.target + j;
        values[at++] = (rows.at(origin + ahead, number) - base_of(rows, origin, ahead, number)) *
                       inverses[static_cast<std::size_t>(j)];
      }
    }
  }
}

void ForecastSequences::read(int number, std::int64_t first, std::span<double> values) const {
  const Column& column = columns_[static_cast<std::size_t>(number)];
  const auto width = static_cast<std::int64_t>(column.width);
  const bool is_target = column.is_target();
  const bool by_steps = column.scope == ColumnScope::steps;
  std::int64_t row = first;
  for (auto left = static_cast<std::int64_t>(values.size()) / width; left > 0;) {
    const std::int64_t sequence =
        by_steps ? std::ranges::upper_bound(starts_, row) - starts_.begin() - 1 : row;
    const std::int64_t start = by_steps ? starts_[static_cast<std::size_t>(sequence)] : row;
    const std::int64_t end = by_steps ? starts_[static_cast<std::size_t>(sequence) + 1] : row + 1;
    const std::int64_t rows = std::min(left, end - row);
    const auto to = values.subspan(values.size() - static_cast<std::size_t>(left * width),
                                   static_cast<std::size_t>(rows * width));
    const Track& track = track_of(sequence);
    if (is_target) {
      // A sequence's one target stands at its last step.
      const std::int64_t step =
          by_steps ? row - start : lengths_[static_cast<std::size_t>(sequence)] - 1;
      read_ahead(track, sequence, step, to);
    } else if (!by_steps) {
      series_->read(stored_column(number), track.series, to);
    } else if (number == 0) {
      read_history(track, sequence, row - start, to);
    } else {
      read_known(track, sequence, row - start, to);
    }
    row += rows;
    left -= rows;
  }
}

void ForecastSequences::read(int number, std::int64_t first, std::span<std::int32_t> values) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Track& track = track_of(first + static_cast<std::int64_t>(i));
    series_->read(stored_column(number), track.series, values.subspan(i, 1));
  }
}

ForecastSequences::Place ForecastSequences::place(std::int64_t row) const {
  const bool by_steps = shape_.is_carried;
  const std::int64_t sequence =
      by_steps ? std::ranges::upper_bound(starts_, row) - starts_.begin() - 1 : row;
  const Track& track = track_of(sequence);
  const std::int64_t step = by_steps ? row - starts_[static_cast<std::size_t>(sequence)]
                                     : lengths_[static_cast<std::size_t>(sequence)] - 1;
  const std::int64_t origin = row_of(track, sequence, step);
  return {track.series, origin, track.target, counts(track, origin), origin + 1 - track.context};
}

double ForecastSequences::naive_error(std::int64_t series, int target) const {
  const std::int64_t at = series * width_ + target;
  return naive_.empty() ? none : naive_[static_cast<std::size_t>(at)];
}

void ForecastSequences::scales(std::int64_t row, std::span<Scale> of_numbers) const {
  const Place at = place(row);
  const Column& target = stored_[static_cast<std::size_t>(places_.target)];
  const std::int64_t sequence =
      shape_.is_carried ? std::ranges::upper_bound(starts_, row) - starts_.begin() - 1 : row;
  const Rows rows = read_targets(track_of(sequence), sequence,
                                 std::min(oldest_base(at.origin), at.origin + 1), at.origin + 1);
  for (std::size_t i = 0; i < of_numbers.size(); ++i) {
    const auto ahead = static_cast<std::int64_t>(i) / targets() + 1;
    const int number = at.target + static_cast<int>(static_cast<std::int64_t>(i) % targets());
    of_numbers[i] = {base_of(rows, at.origin, ahead, number),
                     target.deviation[static_cast<std::size_t>(number)]};
  }
}

}  // namespace rondo
