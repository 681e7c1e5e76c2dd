#include "tasks/sequence_inputs.hpp"

#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/model/language_model.hpp"

namespace rondo::tasks {
namespace {

// A layer over each word's letters; both directions' last states at the word's step. A cell that
// projects is an LSTM here, which has few units already.
Signal add_letters(NetworkPlan& plan, const TaskSettings& config, const Columns& columns,
                   std::size_t letters) {
  RecurrentShape layer = layer_of(config);
  if (layer.projection > 0) layer.cell = "lstm";
  layer.projection = 0;
  layer.hidden = static_cast<int>(config.letters_hidden);
  layer.bidirectional = true;
  layer.stack = "letters";
  const Signal table =
      plan.embedding(token_column(columns, letters), columns[letters].vocabulary->size(),
                     static_cast<int>(config.letters_embedding), 0, columns[letters].axis());
  return plan.gather_ends(plan.recurrent(table, layer));
}

}  // namespace

Signal add_inputs(NetworkPlan& plan, const TaskSettings& config, const Columns& columns,
                  Signal* table) {
  std::vector<Signal> inputs;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    if (column.role == ColumnRole::target) continue;
    if (column.has_letters()) {
      if (config.letters_hidden > 0) inputs.push_back(add_letters(plan, config, columns, i));
    } else if (column.is_real()) {
      inputs.push_back(plan.numbers(real_column(columns, i), column.inputs()));
    } else {
      inputs.push_back(plan.embedding(token_column(columns, i), column.vocabulary->size(),
                                      static_cast<int>(config.embedding),
                                      config.dropout_embedding));
      if (table != nullptr && table->number < 0 && column.is_text()) *table = inputs.back();
    }
  }
  if (inputs.empty()) throw_input("the data set has no source column: prepare it with --source");
  return plan.side_by_side(inputs);
}

std::size_t target_of(const Columns& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].role == ColumnRole::target) return i;
  }
  throw_input("the data set has no target column: prepare it with --target NAME");
}

Pooling pooling_of(const std::string& name) {
  return name == "mean"        ? Pooling::mean
         : name == "max"       ? Pooling::maximum
         : name == "attention" ? Pooling::attention
                               : Pooling::last;
}

}  // namespace rondo::tasks
