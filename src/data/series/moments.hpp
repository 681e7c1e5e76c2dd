// When the rows of a series are, and how far apart: numbers, or days and times of the Gregorian
// calendar, without time zones.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

// How a moment is written.
enum class MomentForm : std::uint8_t {
  number,  // 1749, 0.25
  month,   // 2026-11
  day,     // 2026-11-28, 2026/11/28; compact 20261128
  hour,    // compact 2026112813
  minute,  // 2026-11-28 13:05, 2026-11-28T13:05; compact 202611281305
  second,  // 2026-11-28 13:05:59; compact 20261128130559
};

struct Moment {
  double value = 0;  // a number, or seconds since 1970-01-01
  MomentForm form = MomentForm::number;
  char separator = '-';  // between year, month and day; 0: nothing is between any of its digits
  char before_hours = ' ';
  bool is_universal = false;  // "Z" behind it

  bool is_number() const { return form == MomentForm::number; }
};

// Nothing for a text of another form, or of a day that there is not.
std::optional<Moment> moment_in(std::string_view text);
// The day, and the time, that a number of 8, 10, 12 or 14 digits may mean, from the year 1800 on:
// which of the two it is tells a series as a whole.
std::optional<Moment> compact_moment_in(std::string_view text);
// As it would stand in the table.
std::string moment_text(const Moment& moment);

// How far apart the rows of a series are: a number, or so many months.
class Rhythm {
 public:
  // Of moments that ascend, two or more of them: the least distance; as months, where all are as
  // far into their month.
  static Rhythm of(std::span<const Moment> moments);

  // How many rows later `b` is than `a`; nothing where it lies between two.
  std::optional<std::int64_t> rows_between(const Moment& a, const Moment& b) const;
  // `rows` rows later.
  Moment after(const Moment& moment, std::int64_t rows) const;
  // "1 hour", "3 months", "0.5".
  std::string text() const;

 private:
  bool is_number_ = true;
  std::int64_t months_ = 0;  // 0: it is a distance
  double distance_ = 1;
};

// "2 days", of seconds or, of numbers, of the number itself.
std::string distance_text(double distance, bool is_number);

}  // namespace rondo
