#include "tasks/answers/class_answers.hpp"

#include <algorithm>
#include <vector>

#include "rondo/core/exact_math.hpp"
#include "rondo/kernels/math/math.hpp"

namespace rondo::tasks {

template <class Real>
void add_class_probabilities(std::span<const Real> logits, std::span<double> to) {
  const double most = static_cast<double>(*std::ranges::max_element(logits));
  std::vector<double> weights(logits.begin(), logits.end());
  for (double& weight : weights) weight -= most;
  kernels::exp<double>(weights, weights);
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += weights[i] / sum;
}

template <class Real>
void add_label_probabilities(std::span<const Real> logits, std::span<double> to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] += exact::logistic(static_cast<double>(logits[i]));
  }
}

template void add_class_probabilities(std::span<const float>, std::span<double>);
template void add_class_probabilities(std::span<const double>, std::span<double>);
template void add_label_probabilities(std::span<const float>, std::span<double>);
template void add_label_probabilities(std::span<const double>, std::span<double>);

}  // namespace rondo::tasks
