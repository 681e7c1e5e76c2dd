// The times of a series' records: equally far apart, in order, each once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/series/moments.hpp"
#include "data/tables/importers/record_reader.hpp"

namespace rondo {

struct SeriesTimes {
  std::vector<std::int64_t> rows;  // of each record its row of the series; between two of them may
                                   // be rows that are missing
  std::optional<Moment> last;      // none: the table has no times
  std::optional<Rhythm> rhythm;    // none: of one record

  // How the time is written of what comes next behind the last record, or `later` rows after that
  // (before it, if negative): a row's number, from 1, where there are no times.
  std::string behind(std::int64_t later) const;
};

// `place`: of the cell with the time in a record, its column being called `name`; `may_lack_rows`:
// some may be missing. InputError with file, line and column for a time that is missing, that is
// none, that stands there twice or comes too late, and for rows that are missing.
SeriesTimes series_times(std::span<const Record> records, std::size_t place,
                         const std::string& name, bool may_lack_rows);
// Of a table without times.
SeriesTimes numbered_times(std::span<const Record> records);

}  // namespace rondo
