#include "data/series/moments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "data/tables/values/cell_values.hpp"
#include "rondo/core/exact_math.hpp"

namespace rondo {
namespace {

constexpr double day_seconds = 86'400;
// Of numbers as people round them: parts of a distance that do not matter.
constexpr double tolerance = 1e-3;

struct Date {
  std::int64_t year = 1970;
  int month = 1, day = 1;
};

// Days since 1970-01-01, and back: by cycles of 400 years, which begin with March.
std::int64_t days_of(Date date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t cycle = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_cycle = year - 400 * cycle;
  const std::int64_t of_year =
      (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return 146'097 * cycle + 365 * of_cycle + of_cycle / 4 - of_cycle / 100 + of_year - 719'468;
}

Date date_of(std::int64_t days) {
  days += 719'468;
  const std::int64_t cycle = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t of_cycle = days - 146'097 * cycle;
  const std::int64_t year =
      (of_cycle - of_cycle / 1'460 + of_cycle / 36'524 - of_cycle / 146'096) / 365;
  const std::int64_t of_year = of_cycle - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  Date date;
  date.day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = 400 * cycle + year + (date.month <= 2 ? 1 : 0);
  return date;
}

std::int64_t days_in(std::int64_t seconds) {
  const auto day = static_cast<std::int64_t>(day_seconds);
  return (seconds >= 0 ? seconds : seconds - day + 1) / day;
}

// The digits of a text from `at` on, `least` to `most` of them; -1 where they are not there.
int digits(std::string_view text, std::size_t& at, std::size_t least, std::size_t most) {
  int value = 0;
  std::size_t count = 0;
  for (; count < most && at < text.size() && text[at] >= '0' && text[at] <= '9'; ++count, ++at) {
    value = 10 * value + (text[at] - '0');
  }
  return count < least ? -1 : value;
}

bool takes(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || text[at] != wanted) return false;
  ++at;
  return true;
}

int last_day(Date date) {
  const Date next =
      date.month == 12 ? Date{date.year + 1, 1, 1} : Date{date.year, date.month + 1, 1};
  return static_cast<int>(days_of(next) - days_of({date.year, date.month, 1}));
}

// Months since year 0, and what of the month is over: days, counted from its end where it is the
// last one, and seconds.
struct InMonth {
  std::int64_t months = 0;
  int day = 1;
  bool is_last = false;
  double seconds = 0;

  bool is_as_far(const InMonth& other) const {
    return seconds == other.seconds && (day == other.day || (is_last && other.is_last));
  }
};

InMonth in_month(const Moment& moment) {
  const std::int64_t days = days_in(static_cast<std::int64_t>(std::floor(moment.value)));
  const Date date = date_of(days);
  return {12 * date.year + date.month - 1, date.day, date.day == last_day(date),
          moment.value - static_cast<double>(days) * day_seconds};
}

}  // namespace

std::optional<Moment> moment_in(std::string_view text) {
  text = without_blanks(text);
  Moment moment;
  if (const std::optional<double> number = number_in(text)) {
    moment.value = *number;
    return moment;
  }
  std::size_t at = 0;
  Date date;
  date.year = digits(text, at, 4, 4);
  if (date.year < 0 || at >= text.size() || (text[at] != '-' && text[at] != '/')) return {};
  moment.separator = text[at++];
  date.month = digits(text, at, 1, 2);
  if (date.month < 1 || date.month > 12) return {};
  moment.form = MomentForm::month;
  double seconds = 0;
  if (at < text.size()) {
    if (!takes(text, at, moment.separator)) return {};
    date.day = digits(text, at, 1, 2);
    if (date.day < 1 || date.day > last_day(date)) return {};
    moment.form = MomentForm::day;
  }
  if (at < text.size()) {
    moment.before_hours = text[at++];
    if (moment.before_hours != ' ' && moment.before_hours != 'T') return {};
    const int hours = digits(text, at, 1, 2);
    if (hours < 0 || hours > 23 || !takes(text, at, ':')) return {};
    const int minutes = digits(text, at, 2, 2);
    if (minutes < 0 || minutes > 59) return {};
    moment.form = MomentForm::minute;
    seconds = 3600.0 * hours + 60.0 * minutes;
    if (takes(text, at, ':')) {
      const int whole = digits(text, at, 2, 2);
      if (whole < 0 || whole > 59) return {};
      moment.form = MomentForm::second;
      seconds += whole;
      if (takes(text, at, '.')) {
        const std::size_t begin = at;
        const int part = digits(text, at, 1, 6);
        if (part < 0) return {};
        seconds += part / exact::power(10.0, at - begin);
      }
    }
    moment.is_universal = takes(text, at, 'Z');
  }
  if (at != text.size()) return {};
  moment.value = static_cast<double>(days_of(date)) * day_seconds + seconds;
  return moment;
}

std::optional<Moment> compact_moment_in(std::string_view text) {
  constexpr std::array forms{std::pair{8, MomentForm::day}, std::pair{10, MomentForm::hour},
                             std::pair{12, MomentForm::minute}, std::pair{14, MomentForm::second}};
  constexpr int first_year = 1800;
  text = without_blanks(text);
  const auto form = std::ranges::find(forms, std::ssize(text), [](const auto& each) {
    return static_cast<std::ptrdiff_t>(each.first);
  });
  if (form == forms.end()) return {};
  std::size_t at = 0;
  Date date;
  date.year = digits(text, at, 4, 4);
  date.month = digits(text, at, 2, 2);
  date.day = digits(text, at, 2, 2);
  if (date.year < first_year || date.month < 1 || date.month > 12) return {};
  if (date.day < 1 || date.day > last_day(date)) return {};
  double seconds = 0;
  for (const auto& [size, below] : {std::pair{3600.0, 24}, {60.0, 60}, {1.0, 60}}) {
    if (at == text.size()) break;
    const int part = digits(text, at, 2, 2);
    if (part < 0 || part >= below) return {};
    seconds += size * part;
  }
  Moment moment;
  moment.form = form->second;
  moment.separator = 0;
  moment.value = static_cast<double>(days_of(date)) * day_seconds + seconds;
  return moment;
}

namespace {

std::string compact_text(const Moment& moment, const Date& date, std::int64_t seconds) {
  std::string text = fmt::format("{:04}{:02}{:02}", date.year, date.month, date.day);
  if (moment.form >= MomentForm::hour) text += fmt::format("{:02}", seconds / 3600);
  if (moment.form >= MomentForm::minute) text += fmt::format("{:02}", seconds / 60 % 60);
  if (moment.form >= MomentForm::second) text += fmt::format("{:02}", seconds % 60);
  return text;
}

}  // namespace

std::string moment_text(const Moment& moment) {
  if (moment.is_number()) return fmt::format("{:.12g}", moment.value);
  const auto whole = static_cast<std::int64_t>(std::floor(moment.value));
  const std::int64_t days = days_in(whole);
  const Date date = date_of(days);
  const std::int64_t of_day = whole - days * static_cast<std::int64_t>(day_seconds);
  if (moment.separator == 0) return compact_text(moment, date, of_day);
  std::string text = fmt::format("{:04}{}{:02}", date.year, moment.separator, date.month);
  if (moment.form == MomentForm::month) return text;
  text += fmt::format("{}{:02}", moment.separator, date.day);
  if (moment.form == MomentForm::day) return text;
  text += fmt::format("{}{:02}:{:02}", moment.before_hours, of_day / 3600, of_day / 60 % 60);
  if (moment.form == MomentForm::second) {
    text += fmt::format(":{:02}", of_day % 60);
    const double part = moment.value - static_cast<double>(whole);
    if (part > 0) text += fmt::format("{:.3f}", part).substr(1);
  }
  return text + (moment.is_universal ? "Z" : "");
}

Rhythm Rhythm::of(std::span<const Moment> moments) {
  Rhythm rhythm;
  rhythm.is_number_ = moments[0].is_number();
  rhythm.distance_ = moments[1].value - moments[0].value;
  for (std::size_t i = 2; i < moments.size(); ++i) {
    rhythm.distance_ = std::min(rhythm.distance_, moments[i].value - moments[i - 1].value);
  }
  if (rhythm.is_number_ || rhythm.distance_ < 28 * day_seconds) return rhythm;
  const InMonth first = in_month(moments[0]);
  if (std::ranges::any_of(moments,
                          [&](const Moment& each) { return !in_month(each).is_as_far(first); })) {
    return rhythm;
  }
  rhythm.months_ = in_month(moments[1]).months - first.months;
  for (std::size_t i = 2; i < moments.size(); ++i) {
    rhythm.months_ =
        std::min(rhythm.months_, in_month(moments[i]).months - in_month(moments[i - 1]).months);
  }
  return rhythm;
}

std::optional<std::int64_t> Rhythm::rows_between(const Moment& a, const Moment& b) const {
  if (months_ > 0) {
    const InMonth from = in_month(a), to = in_month(b);
    const std::int64_t months = to.months - from.months;
    if (!from.is_as_far(to) || months % months_ != 0) return {};
    return months / months_;
  }
  const double rows = (b.value - a.value) / distance_;
  const double whole = std::round(rows);
  if (std::abs(rows - whole) > (is_number_ ? tolerance : 1e-9) || whole > 1e12) return {};
  return static_cast<std::int64_t>(whole);
}

Moment Rhythm::after(const Moment& moment, std::int64_t rows) const {
  Moment later = moment;
  if (months_ == 0) {
    later.value += distance_ * static_cast<double>(rows);
    return later;
  }
  const InMonth from = in_month(moment);
  const std::int64_t months = from.months + rows * months_;
  Date date{months / 12, static_cast<int>(months % 12) + 1, 1};
  date.day = from.is_last ? last_day(date) : std::min(from.day, last_day(date));
  later.value = static_cast<double>(days_of(date)) * day_seconds + from.seconds;
  return later;
}

std::string Rhythm::text() const {
  if (months_ == 0) return distance_text(distance_, is_number_);
  return fmt::format("{} month{}", months_, months_ == 1 ? "" : "s");
}

std::string distance_text(double distance, bool is_number) {
  if (is_number) return fmt::format("{:.6g}", distance);
  constexpr std::array units{std::pair{day_seconds, "day"}, std::pair{3600.0, "hour"},
                             std::pair{60.0, "minute"}, std::pair{1.0, "second"}};
  for (const auto& [size, name] : units) {
    const double count = distance / size;
    if (count != std::floor(count) && size > 1) continue;
    return fmt::format("{:.6g} {}{}", count, name, count == 1 ? "" : "s");
  }
  return {};
}

}  // namespace rondo
