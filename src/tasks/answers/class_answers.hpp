// What the outputs of a head say of classes and of labels.
#pragma once

#include <span>

namespace rondo::tasks {

// Adds a row's probabilities, of which each model that answers has a vote: in double, in the
// classes' order. Of classes the softmax of their logits.
template <class Real>
void add_class_probabilities(std::span<const Real> logits, std::span<double> to);

// Of labels the logistic function of each logit by itself.
template <class Real>
void add_label_probabilities(std::span<const Real> logits, std::span<double> to);

}  // namespace rondo::tasks
