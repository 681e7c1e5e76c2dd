// What the parts of a graph have in common: the graph, the model, and the sequences that it reads.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "export/matrices.hpp"
#include "export/onnx/graph.hpp"

namespace rondo::onnx_export {

// [rows, columns], and [rows] of what has one column.
Value matrix(Graph& graph, const Matrix& of);
Value vector(Graph& graph, const Matrix& of);
// x W^T, of x [..., columns].
Value product(Graph& graph, const Value& x, const Matrix& weights);
// 0, 1, ... for the places along an axis, [size].
Value places_along(Graph& graph, const Value& signal, std::int64_t axis);

// Sizes that are known when a graph runs.
inline constexpr const char* times = "time";
inline constexpr const char* lanes = "batch";

// Sequences side by side: signals are [time, batch, width], a sequence's steps the first ones that
// there are of it.
//
// A graph whose states are carried has them as inputs and outputs, so that it can go on with a
// sequence, step by step: "layer0.hidden" [batch, units] and what it has become,
// "layer0.hidden.next". Others begin each sequence where rondo does.
class Sequences {
 public:
  Sequences(Graph& graph, const SavedModel<float>& saved, bool carries);

  Graph& graph() { return graph_; }
  const SavedModel<float>& saved() const { return saved_; }
  bool carries() const { return carries_; }

  // A column's input: [time, batch] of symbols, [time, batch, width] of numbers, in double.
  Value symbols(const std::string& column);
  Value numbers(const std::string& column, std::int64_t width);
  // The input "lengths" [batch]: how many steps each sequence has. Before any of what follows.
  void add_lengths();

  // Empty where all steps are read.
  Value lengths() const { return lengths_; }
  // Where there are lengths: whether a step is one of its sequence, [time, batch, 1]; and a signal
  // [time, batch, width] at each sequence's last step, [batch, width].
  Value mask();
  Value at_last_step(const Value& signal);

  // A parameter by its name, once in the graph however often it is asked for.
  Value shared(const std::string& parameter);

  // A state as it begins: `values` of `units`, or 0; then what it becomes.
  Value begin(const std::string& state, int units, std::vector<float> values);
  void end(const std::string& state, const Value& value, int units);
  // JSON of the states that do not begin with 0: {"layer0.hidden": [0.5, ...]}.
  std::string initial_states() const;

 private:
  Graph& graph_;
  const SavedModel<float>& saved_;
  bool carries_;
  Value first_, lengths_, mask_;
  std::map<std::string, Value> shared_;
  std::vector<std::pair<std::string, std::vector<float>>> initial_;
};

}  // namespace rondo::onnx_export
