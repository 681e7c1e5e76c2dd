#include "data/series/series_times.hpp"

#include <numeric>
#include <string_view>

#include "data/tables/values/cell_values.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

// More rows are no gap: something else is wrong with the times.
constexpr std::int64_t longest_gap = 1'000'000;

class Reader {
 public:
  Reader(std::span<const Record> records, std::size_t place, const std::string& name)
      : records_(records), place_(place), name_(name) {}

  // In the order of the records, which ascends.
  std::vector<Moment> moments() const {
    std::vector<Moment> moments, compact;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      moments.push_back(moment_of(i));
      if (i > 0) check_order(i, moments[i - 1], moments[i]);
      // Digits are days where all of the series may be: they ascend either way.
      if (compact.size() < i) continue;
      const std::optional<Moment> day = compact_moment_in(text_of(i));
      if (day && (i == 0 || day->form == compact.front().form)) compact.push_back(*day);
    }
    return compact.size() == moments.size() ? compact : moments;
  }

  std::vector<std::int64_t> rows(std::span<const Moment> moments, const Rhythm& rhythm,
                                 bool may_lack_rows) const {
    std::vector<std::int64_t> rows{0};
    for (std::size_t i = 1; i < moments.size(); ++i) {
      const auto later = rhythm.rows_between(moments[i - 1], moments[i]);
      if (!later || *later != 1) check_gap(i, moments, rhythm, later, may_lack_rows);
      rows.push_back(rows.back() + *later);
    }
    return rows;
  }

 private:
  std::string place_of(std::size_t i) const { return records_[i].place(name_); }
  std::string text_of(std::size_t i) const {
    std::string storage;
    return std::string(name_in(records_[i].cells[place_], storage));
  }

  Moment moment_of(std::size_t i) const {
    const std::string text = text_of(i);
    if (text.empty()) throw_input("{}: the time is missing", place_of(i));
    const std::optional<Moment> moment = moment_in(text);
    if (!moment) {
      throw_input(
          "{}: {} is no time: that is a number, or a day and a time as 2026-11-28 13:05, "
          "2026-11-28 or 20261128",
          place_of(i), rondo::quoted(text));
    }
    return *moment;
  }

  void check_order(std::size_t i, const Moment& before, const Moment& now) const {
    if (before.is_number() != now.is_number()) {
      throw_input("{}: {} is a {}, and the time of {} is a {}", place_of(i), text_of(i),
                  now.is_number() ? "number" : "day", records_[i - 1].place(),
                  before.is_number() ? "number" : "day");
    }
    if (now.value == before.value) {
      throw_input(
          "{}: {} is the time of {} too: rows of several series are told apart by --group NAME",
          place_of(i), text_of(i), records_[i - 1].place());
    }
    if (now.value < before.value) {
      throw_input("{}: {} comes before {}, the time of {}: sort the table by its time", place_of(i),
                  text_of(i), text_of(i - 1), records_[i - 1].place());
    }
  }

  void check_gap(std::size_t i, std::span<const Moment> moments, const Rhythm& rhythm,
                 std::optional<std::int64_t> later, bool may_lack_rows) const {
    const std::string distance =
        distance_text(moments[i].value - moments[i - 1].value, moments[i].is_number());
    if (!later) {
      throw_input("{}: {} follows the time of {} by {}, and rows are {} apart", place_of(i),
                  text_of(i), records_[i - 1].place(), distance, rhythm.text());
    }
    if (may_lack_rows && *later <= longest_gap) return;
    throw_input("{}: {} follows the time of {} by {}, and rows are {} apart: {}", place_of(i),
                text_of(i), records_[i - 1].place(), distance, rhythm.text(),
                may_lack_rows
                    ? "that is no gap but another series"
                    : "fill the gap, or prepare what the network learns from with --missing "
                      "mask");
  }

  std::span<const Record> records_;
  std::size_t place_;
  const std::string& name_;
};

}  // namespace

std::string SeriesTimes::behind(std::int64_t later) const {
  if (!last) return std::to_string(rows.back() + 2 + later);
  return moment_text((rhythm ? *rhythm : Rhythm()).after(*last, later + 1));
}

SeriesTimes series_times(std::span<const Record> records, std::size_t place,
                         const std::string& name, bool may_lack_rows) {
  const Reader reader(records, place, name);
  const std::vector<Moment> moments = reader.moments();
  SeriesTimes times;
  times.last = moments.back();
  times.rows = {0};
  if (moments.size() < 2) return times;
  times.rhythm = Rhythm::of(moments);
  times.rows = reader.rows(moments, *times.rhythm, may_lack_rows);
  return times;
}

SeriesTimes numbered_times(std::span<const Record> records) {
  SeriesTimes times;
  times.rows.resize(records.size());
  std::iota(times.rows.begin(), times.rows.end(), 0);
  return times;
}

}  // namespace rondo
