// A run as it comes out of a checkpoint, judged before anything is made from it.
#pragma once

#include <string>

#include "rondo/core/named_state.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/config.hpp"

namespace rondo {

// The group of arrays that a checkpoint's model is evaluated by: "average/" where the run had an
// average of its weights already, else "parameters/".
std::string evaluated_group(const NamedState& state);

// InputError unless the parameters of `group` are all there, with the layout's shapes, and finite.
// `where` names the file. Reads alone: nothing is allocated for what a hostile file announces.
template <class Real>
void check_saved_parameters(const ParameterLayout& layout, const NamedState& state,
                            const std::string& group, const std::string& where);

// InputError unless the state holds all that Trainer::restore() takes for this configuration and
// data: parameters as above, and their average, moments and lanes' states with their shapes
// and without NaN, counters that a run can have. `config` is complete.
template <class Real>
void check_saved_run(const Config& config, const Dataset& data, const NamedState& state,
                     const std::string& where);

}  // namespace rondo
