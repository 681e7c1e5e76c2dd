// Steps that go through a trained network, one after another.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rondo/core/named_state.hpp"
#include "rondo/data/vocabulary.hpp"
#include "rondo/rondo.hpp"

namespace rondo::library {

// What there is to know of an opened model.
struct Description {
  std::string task;
  std::vector<ModelInput> inputs;
  std::vector<std::string> outputs;
  std::vector<std::shared_ptr<const Vocabulary>> vocabularies;  // of the inputs; null: numbers
};

// A model's weights are shared by all its streams, which are independent of each other. The calling
// thread rounds to nearest and flushes nothing (kernels::set_float_mode).
class Stream {
 public:
  virtual ~Stream() = default;

  virtual const Description& description() const = 0;
  // Another one, which goes on from where this one stands.
  virtual std::unique_ptr<Stream> copy() const = 0;
  // As in rondo.hpp.
  virtual const std::vector<double>& step(const std::vector<double>& values) = 0;
  virtual void reset() = 0;
  virtual std::vector<double> state() const = 0;
  virtual void restore(const std::vector<double>& state) = 0;
};

// Of a checkpoint's state; `where` names its file. InputError for one that holds no model, or none
// that answers step by step. The kernels are chosen.
std::unique_ptr<Stream> open_stream(const NamedState& checkpoint, const std::string& where);

}  // namespace rondo::library
