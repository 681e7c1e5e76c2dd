#include "model/heads/ctc.hpp"

#include <algorithm>

#include "rondo/kernels/math/math.hpp"

namespace rondo::ctc {
namespace {

// An exponential of it is +0.
constexpr double far_below = -1000;

// Positions that a step can have: reached from the start, and in time for the end.
struct Band {
  std::size_t begin = 0, end = 0;
};

class Positions {
 public:
  explicit Positions(const Lattice& lattice)
      : labels_(lattice.labels),
        count_(positions(labels_.size())),
        steps_(static_cast<std::size_t>(lattice.steps)) {}

  std::size_t count() const { return count_; }
  Band at(std::size_t t) const {
    const std::size_t to_come = 2 * (steps_ - t);  // positions until the end, at most
    return {count_ > to_come ? count_ - to_come : 0, std::min(count_, 2 * t + 2)};
  }
  // Whether a path may come from two positions before.
  bool is_skipped_to(std::size_t position) const {
    const std::size_t label = position / 2;
    return position % 2 == 1 && label > 0 && labels_[label] != labels_[label - 1];
  }
  // Where the score of a position stands in a step's.
  static std::size_t score(std::size_t position) {
    return position % 2 == 0 ? 0 : position / 2 + 1;
  }

 private:
  std::span<const std::int32_t> labels_;
  std::size_t count_, steps_;
};

// Logarithms of sums of three exponentials, for a row of positions at once.
class Sums {
 public:
  explicit Sums(std::span<double> room, std::size_t count)
      : most_(room.first(count)), exponents_(room.subspan(count, 3 * count)) {}

  void set(std::size_t i, double stay, double step, double skip) {
    const double most = std::max(std::max(stay, step), skip);
    most_[i] = most;
    const auto below = [most](double value) {
      return value == impossible ? far_below : value - most;
    };
    exponents_[3 * i] = below(stay);
    exponents_[3 * i + 1] = below(step);
    exponents_[3 * i + 2] = below(skip);
  }
  // Of the first `count`, to(i, sum).
  template <class To>
  void take(std::size_t count, const To& to) {
    const std::span<double> exponents = exponents_.first(3 * count);
    kernels::exp<double>(exponents, exponents);
    const std::span<double> sums = exponents_.first(count);
    for (std::size_t i = 0; i < count; ++i) {
      sums[i] = exponents[3 * i] + exponents[3 * i + 1] + exponents[3 * i + 2];
    }
    kernels::log<double>(sums, sums);
    for (std::size_t i = 0; i < count; ++i) {
      to(i, most_[i] == impossible ? impossible : most_[i] + sums[i]);
    }
  }

 private:
  std::span<double> most_, exponents_;
};

// The row of step t from that of the step before.
void advance(const Lattice& lattice, const Positions& of, std::size_t t, const double* before,
             double* row, std::span<double> room) {
  const double* const scores = lattice.scores.data() + t * (lattice.labels.size() + 1);
  const Band band = of.at(t);
  std::fill_n(row, of.count(), impossible);
  if (t == 0) {
    for (std::size_t s = 0; s < band.end; ++s) row[s] = scores[Positions::score(s)];
    return;
  }
  Sums sums(room, of.count());
  for (std::size_t s = band.begin; s < band.end; ++s) {
    sums.set(s - band.begin, before[s], s > 0 ? before[s - 1] : impossible,
             of.is_skipped_to(s) ? before[s - 2] : impossible);
  }
  sums.take(band.end - band.begin, [&](std::size_t i, double sum) {
    const std::size_t s = band.begin + i;
    if (sum != impossible) row[s] = sum + scores[Positions::score(s)];
  });
}

// Of the last step's row: a path ends at the last blank, or at the label before it.
double end_of(const Positions& of, const double* row, std::span<double> room) {
  Sums sums(room, 1);
  sums.set(0, row[of.count() - 1], of.count() > 1 ? row[of.count() - 2] : impossible, impossible);
  double end = impossible;
  sums.take(1, [&](std::size_t, double sum) { end = sum; });
  return end;
}

}  // namespace

double log_probability(const Lattice& lattice, std::span<double> forward, std::span<double> room) {
  const Positions of(lattice);
  const auto steps = static_cast<std::size_t>(lattice.steps);
  double* row = forward.data();
  advance(lattice, of, 0, nullptr, row, room);
  for (std::size_t t = 1; t < steps; ++t, row += of.count()) {
    advance(lattice, of, t, row, row + of.count(), room);
  }
  return end_of(of, row, room);
}

double log_probability(const Lattice& lattice, std::span<double> room) {
  const Positions of(lattice);
  const std::size_t rest = room_for(lattice.labels.size());
  double* row = room.data() + rest;
  double* other = row + of.count();
  advance(lattice, of, 0, nullptr, row, room);
  for (std::size_t t = 1; t < static_cast<std::size_t>(lattice.steps); ++t) {
    advance(lattice, of, t, row, other, room);
    std::swap(row, other);
  }
  return end_of(of, row, room);
}

void occupancies(const Lattice& lattice, std::span<const double> forward, double log_probability,
                 std::span<double> room) {
  const Positions of(lattice);
  const std::size_t count = of.count(), width = lattice.labels.size() + 1;
  const auto steps = static_cast<std::size_t>(lattice.steps);
  // Of each position: all ways from there to the end, without the step's own score; then with it.
  const std::span<double> behind = room.subspan(4 * count, count);
  std::ranges::fill(behind, impossible);
  for (std::size_t t = steps; t-- > 0;) {
    const Band band = of.at(t);
    const std::size_t in_band = band.end - band.begin;
    if (t + 1 == steps) {
      std::fill(behind.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(count, 2)),
                behind.end(), 0.0);
    } else {
      Sums sums(room, count);
      for (std::size_t s = band.begin; s < band.end; ++s) {
        const bool skips = s + 2 < count && of.is_skipped_to(s + 2);
        sums.set(s - band.begin, behind[s], s + 1 < count ? behind[s + 1] : impossible,
                 skips ? behind[s + 2] : impossible);
      }
      std::ranges::fill(behind, impossible);
      sums.take(in_band, [&](std::size_t i, double sum) { behind[band.begin + i] = sum; });
    }
    double* const scores = lattice.scores.data() + t * width;
    const double* const ways = forward.data() + t * count;
    const std::span<double> shares = room.first(in_band);
    for (std::size_t i = 0; i < in_band; ++i) {
      const std::size_t s = band.begin + i;
      const bool is_on_a_path = ways[s] != impossible && behind[s] != impossible;
      shares[i] = is_on_a_path ? ways[s] + behind[s] - log_probability : far_below;
      if (behind[s] != impossible) behind[s] += scores[Positions::score(s)];
    }
    kernels::exp<double>(shares, shares);
    std::fill_n(scores, width, 0.0);
    for (std::size_t i = 0; i < in_band; ++i) scores[Positions::score(band.begin + i)] += shares[i];
  }
}

}  // namespace rondo::ctc
