// What a network takes of another one to begin with: parameters of the same name and shape, and of
// tables and outputs, which have a row a symbol, the rows of the symbols that both know.
#pragma once

#include <string>
#include <vector>

#include "rondo/core/named_state.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {

struct TakenParameters {
  NamedState parameters;           // "parameters/...": all of the new network's
  std::vector<std::string> whole;  // by their names: those that are the other one's,
  std::vector<std::string> rows;   // of which rows are, with how many of how many,
  std::vector<std::string> anew;   // and those that are as they were drawn, with why
};

// `drawn`: the first parameters of the network that `plan` and `columns` are of, as
// ParameterLayout::save() has them under "parameters/". A symbol is known by its name and the
// column that it is of; subwords, whose pieces hang together, fit where all are the same.
// InputError where nothing fits.
template <class Real>
TakenParameters take_parameters(const SavedModel<Real>& from, const NetworkPlan& plan,
                                const Columns& columns, NamedState drawn);

// Likewise of arrays under "parameters/" that are of no checkpoint: by name, type and shape alone,
// and what has a row a symbol where `known.texts["columns"]` (data/columns_json.hpp) lists the same
// symbols, or is not there.
TakenParameters take_arrays(const NamedState& known, const NetworkPlan& plan,
                            const Columns& columns, NamedState drawn);

// What was taken, for people: "all 12 parameters", or what is not.
std::string to_text(const TakenParameters& taken);

}  // namespace rondo
