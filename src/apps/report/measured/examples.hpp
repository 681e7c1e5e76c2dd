// Texts that a model says of the first sequences of a split, what it looked at, and when it said
// them.
#pragma once

#include <string>

#include "apps/predicting/measured_model.hpp"
#include "rondo/core/thread_pool.hpp"

namespace rondo::apps::report {

// Of a model that says one symbol after another. `id` as Svg::in_page().
template <class Real>
std::string said_examples(const MeasuredModel<Real>& measured, std::int64_t beam, ThreadPool& pool,
                          const std::string& id);

// Of one whose steps spell texts.
template <class Real>
std::string spelt_examples(const MeasuredModel<Real>& measured, std::int64_t beam, ThreadPool& pool,
                           const std::string& id);

// A text that a language model makes up, from a start of its own.
template <class Real>
std::string sampled_text(const SavedModel<Real>& model, std::uint64_t seed);

}  // namespace rondo::apps::report
