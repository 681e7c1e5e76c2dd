// How numbers that are said compare with those that were given, in the target's units.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::tasks {

// Of each number `mse`, `rmse`, `mae` and `r2` (1 - squared errors / squared distances from the
// split's mean; left out where these are 0); of gaussian before them `nll`, the mean negative
// logarithm of the density, and `coverage`, the share of numbers in the interval that is meant to
// hold 80 % of them; of quantile `pinball`, the mean of the quantiles' losses, and `coverage` of
// the outermost two. The first is what is minimised, and decides what is best; of the loss absolute
// that is `mae`. Of several numbers the figures are means over them, and where the first has a unit
// it is preceded by its like in deviations of the train split, `scaled_mse` say, which decides in
// its place. Sums go by sequences, joined by the tree over their numbers. InputError where no
// number is given.
Evaluation judge_numbers(const Answers& answers, const Column& target);

// The means over the numbers that have a figure, in the order in which they come.
std::vector<Figure> mean_figures(const std::vector<NumberFigures>& numbers);

std::string numbers_text(const std::string& what, const Evaluation& evaluation,
                         const Column& target, const std::string& split);
nlohmann::ordered_json numbers_json(const std::string& what, const Evaluation& evaluation,
                                    const Column& target, const std::string& split);

}  // namespace rondo::tasks
