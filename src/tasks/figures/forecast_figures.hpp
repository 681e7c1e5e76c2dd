// How forecasts compare with what came.
#pragma once

#include "rondo/data/columns.hpp"
#include "rondo/data/forecasts.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::tasks {

// Of each target, over all its forecasts, however far ahead, in its units: `mse`, `rmse`, `mae`;
// `mase`, the mean of the errors over what a naive forecast of a season before is off by in
// training (Hyndman & Koehler 2006; ForecastSequences::naive_error), left out where that is
// unknown; `smape`, the mean of 200 |said - came| / (|said| + |came|), as M4 has it; `nse` (Nash &
// Sutcliffe 1970: 1 - squared errors / squared distances from the mean of what came) and `kge`
// (Gupta et al. 2009), which are left out where what came does not change. Gaussian: `nll` and the
// `coverage` of the interval that is meant to hold 80 %; quantile: `pinball` and the `coverage` of
// the outermost two. In front `scaled_mse` and `scaled_mae`, in deviations of the train split, as
// figures of several series are published. What is minimised comes first, and decides what is best.
// Of several targets the figures are means over them. Sums go by sequences, joined by the tree over
// their numbers. InputError where nothing came.
Evaluation judge_forecasts(const Answers& answers, const ForecastSequences& sequences,
                           const Column& target);

// The same figures, but `nse` and `kge`, for each of `folds` equal parts of the split's time, by
// the row in which a forecast begins, and for each row ahead.
void backtest_forecasts(const Answers& answers, const ForecastSequences& sequences,
                        const Column& target, int folds, Evaluation& to);

}  // namespace rondo::tasks
