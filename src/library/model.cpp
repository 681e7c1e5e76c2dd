#include <cfenv>
#include <mutex>

#include "library/stream.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/rondo.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {
namespace {

// Rondo's way of rounding while it computes, and afterwards that of the program that called it.
class FloatMode {
 public:
  FloatMode() {
    std::fegetenv(&before_);
    kernels::set_float_mode();
  }
  ~FloatMode() { std::fesetenv(&before_); }
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;

 private:
  std::fenv_t before_;
};

void choose_kernels() {
  static std::once_flag chosen;
  std::call_once(chosen, [] {
    kernels::select_target("auto");
    kernels::prove_target();
  });
}

}  // namespace

class Model::Impl {
 public:
  Impl(const std::string& file_or_run, bool best) {
    choose_kernels();
    const ModelFile file = read_model(
        file_or_run, best, [this](const std::string& notice) { notices.push_back(notice); });
    stream = library::open_stream(file.state, file.path.string());
  }
  Impl(const Impl& other) : stream(other.stream->copy()), notices(other.notices) {}

  const Vocabulary& vocabulary(std::size_t input) const {
    const library::Description& of = stream->description();
    if (input >= of.inputs.size()) {
      throw_input("there is no input {}: the model has those from 0 to {}", input,
                  of.inputs.size() - 1);
    }
    if (of.vocabularies[input] == nullptr) {
      throw_input("'{}' is read as numbers, and has no symbols", of.inputs[input].name);
    }
    return *of.vocabularies[input];
  }

  std::unique_ptr<library::Stream> stream;
  std::vector<std::string> notices;
};

Model::Model(const std::string& file_or_run, bool best) {
  const FloatMode mode;
  impl_ = std::make_unique<Impl>(file_or_run, best);
}

Model::~Model() = default;
Model::Model(Model&& other) noexcept = default;
Model& Model::operator=(Model&& other) noexcept = default;

Model::Model(const Model& other) {
  const FloatMode mode;
  impl_ = std::make_unique<Impl>(*other.impl_);
}

Model& Model::operator=(const Model& other) {
  if (this != &other) *this = Model(other);
  return *this;
}

const std::string& Model::task() const { return impl_->stream->description().task; }
const std::vector<ModelInput>& Model::inputs() const { return impl_->stream->description().inputs; }
const std::vector<std::string>& Model::outputs() const {
  return impl_->stream->description().outputs;
}
const std::vector<std::string>& Model::notices() const { return impl_->notices; }

std::vector<int> Model::encode(const std::string& text, std::size_t input) const {
  return impl_->vocabulary(input).encode(text);
}

std::string Model::decode(const std::vector<int>& symbols, std::size_t input) const {
  return impl_->vocabulary(input).decode(symbols);
}

const std::vector<double>& Model::step(const std::vector<double>& values) {
  const FloatMode mode;
  return impl_->stream->step(values);
}

const std::vector<double>& Model::step(double value) { return step(std::vector<double>{value}); }

void Model::reset() { impl_->stream->reset(); }

std::vector<double> Model::state() const { return impl_->stream->state(); }

void Model::restore(const std::vector<double>& state) { impl_->stream->restore(state); }

}  // namespace rondo
