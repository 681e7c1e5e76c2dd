// Probabilities of classes and of labels, against the scalar functions in the rules' order.
#include "tasks/answers/class_answers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "rondo/core/exact_math.hpp"
#include "rondo/core/random.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo {
namespace {

TEST(ClassAnswers, HaveTheBitsOfTheScalarFunctions) {
  kernels::select_target("auto");
  kernels::set_float_mode();
  for (std::uint64_t classes = 1; classes <= 70; ++classes) {
    const RandomStream stream(classes, Purpose::test);
    std::vector<float> logits;
    for (std::uint64_t i = 0; i < classes; ++i) {
      logits.push_back(static_cast<float>(100 + 20 * stream.normal(i)));
    }
    const double most = *std::ranges::max_element(logits);
    double sum = 0;
    for (const double logit : logits) sum += exact::exp(logit - most);
    std::vector<double> of_classes, of_labels;
    for (const double logit : logits) {
      of_classes.push_back(0.25 + exact::exp(logit - most) / sum);
      of_labels.push_back(0.25 + exact::logistic(logit));
    }
    std::vector<double> said(classes, 0.25);  // what others have voted
    tasks::add_class_probabilities<float>(logits, said);
    EXPECT_EQ(said, of_classes);
    said.assign(classes, 0.25);
    tasks::add_label_probabilities<float>(logits, said);
    EXPECT_EQ(said, of_labels);
  }
}

TEST(ClassAnswers, OfNoNumberAreNone) {
  const std::vector<double> logits{0, std::numeric_limits<double>::quiet_NaN(), 1};
  std::vector<double> said(3, 0);
  tasks::add_class_probabilities<double>(logits, said);
  for (const double probability : said) EXPECT_TRUE(std::isnan(probability));
}

}  // namespace
}  // namespace rondo
