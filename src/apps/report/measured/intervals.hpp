// How far the figures of a split may be from those of other data of its kind.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "rondo/tasks/evaluation.hpp"
#include "tasks/figures/class_figures.hpp"

namespace rondo::apps::report {

using Intervals = std::map<std::string, tasks::Interval>;  // of figures, by their names

// The 95 % intervals of figures by the bootstrap (Efron 1979; of BLEU: Koehn 2004): as many samples
// as there are, drawn again and again with replacement, and what lies between the 2.5th and the
// 97.5th percentile of what `measure` finds. `samples` are whole sequences: steps of one belong
// together. Figures that are not finite in a draw have no interval, and none has one where samples
// are few. The same each time.
Intervals bootstrap(
    std::int64_t samples,
    const std::function<std::vector<Figure>(std::span<const std::int64_t>)>& measure);

// The answers of these sequences, in this order.
Answers chosen(const Answers& answers, std::span<const std::int64_t> sequences);

}  // namespace rondo::apps::report
