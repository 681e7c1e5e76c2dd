#include "tasks/answers/number_answers.hpp"

#include <algorithm>
#include <cmath>

#include "rondo/core/exact_math.hpp"

namespace rondo::tasks {

using kernels::NumberLoss;
using kernels::NumberLossKind;

void read_number(const NumberLoss& loss, std::span<const double> outputs, int width, int i,
                 std::vector<double>& parts) {
  parts.clear();
  for (int p = 0; p < loss.parts(); ++p) {
    parts.push_back(outputs[static_cast<std::size_t>(p * width + i)]);
  }
  if (loss.kind == NumberLossKind::gaussian) {
    constexpr double most = kernels::most_log_deviation;
    const double s = parts[1] > most ? most : parts[1] < -most ? -most : parts[1];
    parts[1] = exact::exp(s);
  }
  if (loss.kind == NumberLossKind::quantile &&
      std::ranges::none_of(parts, [](double part) { return std::isnan(part); })) {
    std::ranges::sort(parts);
  }
}

void to_units(const NumberLoss& loss, const Column& target, int i, std::vector<double>& parts) {
  const auto at = static_cast<std::size_t>(i);
  to_units(loss, target.mean[at], target.deviation[at], parts);
}

void to_units(const NumberLoss& loss, double base, double unit, std::vector<double>& parts) {
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const bool is_deviation = loss.kind == NumberLossKind::gaussian && p == 1;
    const double size = unit * parts[p];
    parts[p] = is_deviation ? size : base + size;
  }
}

SaidInterval interval(const NumberLoss& loss, std::span<const double> parts) {
  if (loss.kind != NumberLossKind::gaussian) return {parts.front(), parts.back()};
  constexpr double deviations = 1.28155156554460047;  // from the mean to the interval's ends
  return {parts[0] - deviations * parts[1], parts[0] + deviations * parts[1]};
}

double interval_share(const NumberLoss& loss) {
  if (loss.kind == NumberLossKind::gaussian) return 0.8;
  if (loss.quantiles.empty()) return 0;
  return std::round(1e9 * (loss.quantiles.back() - loss.quantiles.front())) / 1e9;  // 0.95 - 0.05
}

double negative_log_density(std::span<const double> parts, double came) {
  const double off = (came - parts[0]) / parts[1];
  return kernels::half_log_two_pi + exact::log(parts[1]) + 0.5 * (off * off);
}

double pinball(const NumberLoss& loss, std::span<const double> parts, double came) {
  double sum = 0;
  for (std::size_t q = 0; q < parts.size(); ++q) {
    const double share = loss.quantiles[q];
    sum += came < parts[q] ? (parts[q] - came) * (1 - share) : (came - parts[q]) * share;
  }
  return sum / static_cast<double>(parts.size());
}

std::size_t answer_part(const NumberLoss& loss) {
  if (loss.kind != NumberLossKind::quantile) return 0;
  const auto nearest = std::ranges::min_element(loss.quantiles, std::ranges::less(),
                                                [](double q) { return std::abs(q - 0.5); });
  return static_cast<std::size_t>(nearest - loss.quantiles.begin());
}

void add_vote(const NumberLoss& loss, std::span<const double> parts, std::span<double> sums) {
  if (loss.kind == NumberLossKind::gaussian) {
    sums[0] += parts[0];
    sums[1] += parts[1] * parts[1] + parts[0] * parts[0];
    return;
  }
  for (std::size_t p = 0; p < parts.size(); ++p) sums[p] += parts[p];
}

void join_votes(const NumberLoss& loss, std::size_t voters, std::span<const double> sums,
                std::vector<double>& parts) {
  parts.clear();
  for (const double sum : sums) parts.push_back(sum / static_cast<double>(voters));
  if (loss.kind == NumberLossKind::gaussian) {
    const double variance = parts[1] - parts[0] * parts[0];
    parts[1] = std::sqrt(variance < 0 ? 0 : variance);
  }
}

}  // namespace rondo::tasks
