// Sequences that learn to forecast, made of series: from each step the next values.
//
// A series is a sequence of rows. Its columns, as a data set has them (columns.hpp): the target, of
// one or several numbers a row; what else is read; what is known of the future; statics. A network
// reads other columns, forecast_columns(), in which a step is a row or a segment of rows:
//
//   history  the target's numbers and the sources of the step's rows, row by row
//   known    what is known of the `horizon` rows behind the step, row by row
//   statics  as they are
//   target   of the `horizon` rows behind the step all targets, row by row: "ahead"
//
// Numbers of history, known and ahead are standardised by the data set's means and deviations, so
// that these columns have the mean 0 and the deviation 1. The step behind which is forecast is an
// origin, named by its row. Fresh: a sequence is the `look_back` rows up to an origin, or those
// that there are, whole segments; it has one target. Carried: a sequence is the whole series, a row
// a step, and has a target at each step.
//
// Fed: what is said of the row behind an origin is taken as if it had come, and the origin moves on
// to it, row by row. Each origin is then a sequence of its own: of carried state the one step at
// the origin, before which a network is given the state that the series has left there.
//
// Of a split that continues a series (prepare stores the rows before it as context) an origin
// counts whose forecast lies in the split, whole: the first one is the last row of the context. Of
// the train split all whose look-back and forecast lie in it. Values that are missing are masked
// one by one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo {

// What a forecast is relative to, and, fresh, what the targets of the history are relative to.
enum class Subtract : std::uint8_t {
  none,    // the mean
  last,    // the newest value, up to and with the origin
  season,  // forecasts: the newest value `season` rows, or a multiple of it, before
};

struct ForecastShape {
  std::int64_t horizon = 1;
  std::int64_t look_back = 1;  // fresh: rows, a multiple of `segment`
  std::int64_t stride = 1;     // fresh: rows between the origins of the train split
  std::int64_t segment = 1;    // fresh: rows a step
  std::int64_t season = 1;     // rows
  Subtract subtract = Subtract::last;
  bool is_carried = false;
  bool is_apart = false;    // each target is a series of its own, which one network forecasts
  std::int64_t fed = 0;     // rows more behind an origin, which are forecast by feeding back
  bool is_stepped = false;  // carried state, fed: a sequence is the step at an origin
};

// Places of a data set's columns; -1 where there is none.
struct SeriesColumns {
  explicit SeriesColumns(const Columns& stored);
  int target = -1, source = -1, known = -1;
};

// What a network reads and says. InputError for columns that are no series.
Columns forecast_columns(const Columns& stored, const ForecastShape& shape);

class ForecastSequences final : public SequenceSource {
 public:
  enum class Origins : std::uint8_t {
    training,
    scored,
    last,  // of each series the last row that has a target
  };

  // `series` holds columns `stored`, which outlive this; `context`: of each series the rows that do
  // not belong to the split, or none of any. Of Origins::last InputError for a series that is too
  // short, and where less is known of the future than is needed.
  ForecastSequences(std::shared_ptr<const SequenceSource> series, const Columns& stored,
                    const ForecastShape& shape, Origins origins,
                    std::vector<std::int64_t> context = {});
  // Of the same split of the same series.
  std::unique_ptr<ForecastSequences> like(const ForecastShape& shape) const;

  std::int64_t sequences() const override { return static_cast<std::int64_t>(lengths_.size()); }
  std::span<const std::int32_t> lengths() const override { return lengths_; }
  std::span<const std::int64_t> starts() const override { return starts_; }
  void read(int column, std::int64_t first, std::span<std::int32_t> values) const override;
  void read(int column, std::int64_t first, std::span<double> values) const override;

  // Sequences that have no origin are not there; what is left of them.
  std::int64_t origins() const { return origins_; }

  // A row of the target: an origin. What is forecast of its number i (row i / targets() ahead, of
  // the target i % targets()) is base + unit * what is said of it, in the target's units.
  struct Scale {
    double base = 0, unit = 1;
  };
  void scales(std::int64_t row, std::span<Scale> of_numbers) const;
  struct Place {
    std::int64_t series = 0, origin = 0;
    int target = 0;  // the first of its targets, of all
    bool counts = true;
    std::int64_t row = 0;  // of the split's own rows the first that is forecast, from 0
  };
  Place place(std::int64_t row) const;
  // Up to and with an origin, the rows that what a forecast is relative to may be found in.
  std::int64_t rows_of_bases() const { return -oldest_base(-1); }
  // Targets of a sequence.
  int targets() const { return shape_.is_apart ? 1 : width_; }
  int all_targets() const { return width_; }
  const ForecastShape& shape() const { return shape_; }
  const Columns& stored_columns() const { return stored_; }
  const SequenceSource& series() const { return *series_; }

  // Of a shape that is fed, before anything is; then of sequences from `first` on what is said of
  // the next row, a number a target, in the target's units.
  void begin_feeding();
  void feed(std::int64_t first, std::span<const double> said);
  // All that was fed: [sequence][row ahead][target].
  std::span<const double> fed() const { return fed_; }
  std::int64_t rows_ahead() const { return shape_.horizon + shape_.fed; }

  // What errors are scaled by: of each series, of each of all targets, what a naive forecast of the
  // rows that were trained on is off by (data/series/naive_errors.hpp); NaN where that is unknown.
  void scale_errors_by(std::vector<double> naive) { naive_ = std::move(naive); }
  double naive_error(std::int64_t series, int target) const;

 private:
  // Sequences of one series, of one target or all, with origins `stride` apart.
  struct Track {
    std::int64_t series = 0, first_sequence = 0;
    std::int64_t first_origin = 0, last_origin = 0;
    int target = 0;
    std::int64_t context = 0;  // rows before the split's own
  };
  // Rows of a column of numbers; beyond the series' ends NaN.
  struct Rows {
    std::vector<double> numbers;
    std::int64_t first = 0, width = 1;
    double at(std::int64_t row, std::int64_t number) const {
      return numbers[static_cast<std::size_t>((row - first) * width + number)];
    }
  };

  void add_track(std::int64_t series, int target, std::int64_t context);
  void check_last(const Track& track) const;
  std::int64_t last_given(std::int64_t series) const;
  std::int64_t rows_of(std::int64_t series) const {
    return series_->lengths()[static_cast<std::size_t>(series)];
  }
  const Track& track_of(std::int64_t sequence) const;
  // The last row of a sequence's step.
  std::int64_t row_of(const Track& track, std::int64_t sequence, std::int64_t step) const;
  bool counts(const Track& track, std::int64_t origin) const {
    return origin >= track.first_origin && origin <= track.last_origin;
  }
  Rows read_rows(int column, std::int64_t series, std::int64_t begin, std::int64_t end) const;
  // Of the target, with what a sequence was fed.
  Rows read_targets(const Track& track, std::int64_t sequence, std::int64_t begin,
                    std::int64_t end) const;
  std::int64_t first_origin_of(const Track& track, std::int64_t sequence) const {
    return track.first_origin + (sequence - track.first_sequence) * stride_;
  }
  std::int64_t rows_fed(std::int64_t sequence) const {
    return rows_fed_.empty() ? 0 : rows_fed_[static_cast<std::size_t>(sequence)];
  }
  // Steps up to an origin.
  std::int32_t steps_to(std::int64_t origin) const {
    return static_cast<std::int32_t>(std::min(origin + 1, shape_.look_back) / shape_.segment);
  }

  // The data set's column that a static one of the network's is.
  int stored_column(int column) const { return statics_[static_cast<std::size_t>(column)]; }

  // Of a step's columns, for `steps` steps of one sequence from `step` on.
  void read_history(const Track& track, std::int64_t sequence, std::int64_t step,
                    std::span<double> values) const;
  void read_known(const Track& track, std::int64_t sequence, std::int64_t step,
                  std::span<double> values) const;
  void read_ahead(const Track& track, std::int64_t sequence, std::int64_t step,
                  std::span<double> values) const;
  // The value that a forecast is relative to; the mean where there is no other. `rows` are of the
  // target, and reach back to oldest_base().
  double base_of(const Rows& rows, std::int64_t origin, std::int64_t ahead, int target) const;
  std::int64_t oldest_base(std::int64_t origin) const;

  std::shared_ptr<const SequenceSource> series_;
  const Columns& stored_;
  SeriesColumns places_;
  Columns columns_;           // as a network reads them
  std::vector<int> statics_;  // of these the place among the data set's, or -1
  ForecastShape shape_;
  Origins kind_;
  int width_ = 1;  // of the stored target
  std::int64_t stride_ = 1;
  std::int64_t origins_ = 0;
  std::vector<std::int64_t> context_;
  std::vector<double> naive_, fed_;
  std::vector<std::int64_t> rows_fed_;  // of each sequence
  std::vector<Track> tracks_;
  std::vector<std::int32_t> lengths_;
  std::vector<std::int64_t> starts_{0};
};

}  // namespace rondo
