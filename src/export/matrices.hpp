// What of a trained model every file for another program is made from: its parameters, and the
// columns that it reads and says.
#pragma once

#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {

// A parameter in logical order: rows by gate, then unit.
struct Matrix {
  int rows = 0, columns = 0;
  std::vector<float> values = {};  // [rows][columns]

  bool is_there() const { return !values.empty(); }
};

// By its full name, "rnn.weight_ih_l0"; one that is not there if the model has none.
Matrix parameter(const SavedModel<float>& saved, const std::string& name);

// A column that the network reads at each step, and the name of the table that makes vectors of its
// symbols; empty: it is numbers.
struct ColumnRead {
  const Column* column;
  std::string table;
};
std::vector<ColumnRead> columns_read(const SavedModel<float>& saved);

// What it says: of a text the column that it reads, too.
const Column& column_said(const SavedModel<float>& saved);

// Where a text is said symbol by symbol, the name of the table that makes vectors of what is said:
// one of its own, or that of the text that is read.
std::string table_said(const SavedModel<float>& saved);

// Whether it says something at each step; else one thing of a whole sequence.
bool says_steps(const SavedModel<float>& saved);

// What a refusal names: the network reads the letters of words.
bool reads_letters(const SavedModel<float>& saved);

}  // namespace rondo
