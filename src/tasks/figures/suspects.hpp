// Samples whose answer and target differ, by how sure the model is of its own: what may be labelled
// wrongly.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/data/forecasts.hpp"
#include "rondo/data/sequences.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::tasks {

struct Suspect {
  std::int64_t sequence = 0;  // of the split, from 0; of forecasts the series
  std::int64_t step = -1;     // of it, from 0, the worst one, where each has a target
  std::string number;         // of several numbers: which one
  double score = 0;
  nlohmann::ordered_json given, said;  // a name, a text, a number; of labels a list
};

// Each of a sequence, as they stand there; RunError where what a model says is no number.

// Of classes and labels: log p(said) - log p(given), where they differ. `margins`: that of each row
// of the answers (margin()).
std::vector<Suspect> class_suspects(const Answers& answers, const std::vector<double>& margins,
                                    const Column& target);
// By a row's outputs. `target`: its class, or, where it may have several of `labels`, their words;
// 0 where none is given.
template <class Real>
double margin(std::span<const Real> outputs, const std::int32_t* target, int labels);

// Of numbers, in the target's units: the error over the root of the mean square of all errors of
// that number in the split; of gaussian over its own deviation. Of several the largest.
std::vector<Suspect> number_suspects(const Answers& answers, const Column& target);
// Of forecasts likewise, of the first row that each foretells: every such row is one.
std::vector<Suspect> forecast_suspects(const Answers& answers, const ForecastSequences& sequences);

// Of texts: (log p(said) - log p(given)) over the symbols of the longer one, with its end, where
// they differ and what is said is likelier. `scores`: log p(said) of each. Targets that weigh
// nothing, as their steps are too few, are left out.
std::vector<Suspect> text_suspects(const Answers& answers, const std::vector<double>& scores,
                                   const Column& target, int column,
                                   const SequenceSource& sequences);

// The highest score first, of equal ones the lower sequence and step.
void worst_first(std::vector<Suspect>& suspects);

}  // namespace rondo::tasks
