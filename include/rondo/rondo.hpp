// rondo as a library: a trained model that reads one step after another, and says what comes of it.
//
//   rondo::Model model("runs/pump");
//   for (const Reading& now : readings) {
//     const std::vector<double>& said = model.step({now.pressure, now.flow});
//     ...                                // said[i] is what the model says of model.outputs()[i]
//   }
//
// The answers have the bits of `rondo predict`, step by step on any processor. No other header of
// rondo's is needed, C++17 is enough, and MPI is neither started nor asked for.
//
// Whatever is wrong, with a file, a model or a value, is told by a std::runtime_error, whose what()
// is one sentence. A step that was refused has changed nothing.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#define RONDO_API __attribute__((visibility("default")))

namespace rondo {

// A column that a model reads.
struct ModelInput {
  std::string name;
  // Numbers that a step has of it. A symbol (a character, a word, a class) is one: its place in
  // `symbols`.
  std::size_t width = 1;
  std::vector<std::string> symbols = {};  // empty: it is read as numbers, in the table's units
  bool may_lack = false;                  // a number may be NaN: it is missing
};

// A model of texts, or of the tasks classify, label, regress and (with carried state) forecast,
// that reads in one direction and answers by what it has read last (--pool last).
//
// A copy shares the weights and goes on by itself from where the copied one stands: a copy a
// stream. One model is used by one thread at a time, different ones (copies, too) by any threads
// side by side. A model that was moved from can only be assigned to, or destroyed.
class RONDO_API Model {
 public:
  // A checkpoint, or the folder of a run: its newest good checkpoint, or its best one.
  explicit Model(const std::string& file_or_run, bool best = false);
  ~Model();
  Model(const Model& other);
  Model& operator=(const Model& other);
  Model(Model&& other) noexcept;
  Model& operator=(Model&& other) noexcept;

  const std::string& task() const;  // "text", "classify", ...
  // What it reads at each step, in this order, side by side. Of a forecast that is a row of the
  // series, and of what is known ahead the rows that are forecast, one after another.
  const std::vector<ModelInput>& inputs() const;
  // What it says, by name: classes, labels, or the symbols of a text, of which a step's answer is
  // the probability; or numbers, in the table's units: "load", "load deviation", "load 0.9" (a
  // quantile), of a forecast "load +1", "load +2", ...: rows ahead.
  const std::vector<std::string>& outputs() const;
  // What the user should hear of how it was opened: that a damaged checkpoint was passed over.
  const std::vector<std::string>& notices() const;

  // The symbols of a text as input `input` has them: a step each. Back, as a text that reads well.
  std::vector<int> encode(const std::string& text, std::size_t input = 0) const;
  std::string decode(const std::vector<int>& symbols, std::size_t input = 0) const;

  // Reads a step, and says what comes of all that was read since reset(): of a text the next
  // symbol, else what `rondo predict` says if this step is the last. Valid until the next step.
  const std::vector<double>& step(const std::vector<double>& values);
  // Of a model that reads one number, or one symbol.
  const std::vector<double>& step(double value);
  // What is read next begins a sequence, as after opening.
  void reset();

  // What it remembers of the steps that were read, to be kept in a file, say, and taken up again by
  // any model of the same checkpoint: empty where none were.
  std::vector<double> state() const;
  void restore(const std::vector<double>& state);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rondo
