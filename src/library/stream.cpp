#include "library/stream.hpp"

#include "library/answers.hpp"
#include "library/inputs.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/model/network.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo::library {
namespace {

// What the streams of a model share.
template <class Real>
struct Opened {
  Opened(const NamedState& checkpoint, const std::string& where) : saved(checkpoint, where) {
    const std::string why = why_not(saved.task, saved.config, saved.stored_columns, saved.columns);
    if (!why.empty()) {
      throw_input("{} does not answer step by step: {}; `rondo predict` has its answers", where,
                  why);
    }
    given = tasks::given_columns(saved.task, saved.columns);
    answers = std::make_unique<StepAnswers>(saved.task, saved.config, saved.columns);
    description.task = saved.task.name();
    description.inputs = inputs_of(given);
    description.outputs = answers->names();
    for (const Column* const column : given) description.vocabularies.push_back(column->vocabulary);
  }

  SavedModel<Real> saved;
  std::vector<const Column*> given;
  std::unique_ptr<StepAnswers> answers;
  Description description;
};

template <class Real>
class NetworkStream final : public Stream {
 public:
  explicit NetworkStream(std::shared_ptr<const Opened<Real>> model)
      : model_(std::move(model)),
        network_(model_->saved.plan, model_->saved.layout, model_->saved.parameters.data(),
                 PassShape{.lanes = 1, .times = 1, .training = false}),
        outputs_(static_cast<std::size_t>(network_.outputs())) {
    network_.pack(alone_);
  }

  const Description& description() const override { return model_->description; }

  std::unique_ptr<Stream> copy() const override {
    auto other = std::make_unique<NetworkStream>(model_);
    other->restore(state());
    return other;
  }

  const std::vector<double>& step(const std::vector<double>& values) override {
    const tasks::GivenStep given = step_of(model_->given, values);
    Window window = tasks::window_of(model_->saved.task, model_->saved.columns, {&given, 1});
    window.axes.front().resets.front() = begins_ ? 1 : 0;
    const WindowView view(window, 0);
    network_.forward(view, alone_);
    network_.carry(view);
    begins_ = false;
    network_.outputs(0, 0, outputs_);
    model_->answers->template read<Real>(outputs_, said_);
    return said_;
  }

  void reset() override { begins_ = true; }

  // What its layers carry, in the order of their arrays' names; nothing where a sequence begins.
  std::vector<double> state() const override {
    std::vector<double> numbers;
    if (begins_) return numbers;
    NamedState carried;
    network_.save_state("", carried);
    for (const auto& [name, array] : carried.arrays()) {
      const std::span<const Real> own = carried.get<Real>(name, array.shape);
      numbers.insert(numbers.end(), own.begin(), own.end());
    }
    return numbers;
  }

  void restore(const std::vector<double>& state) override {
    if (state.empty()) return reset();
    NamedState carried;
    network_.save_state("", carried);
    std::size_t wanted = 0;
    for (const auto& [name, array] : carried.arrays()) wanted += array.elements();
    if (state.size() != wanted) {
      throw_input("a state of {} numbers is of another model: this one has {}", state.size(),
                  wanted);
    }
    NamedState restored;
    auto next = state.begin();
    for (const auto& [name, array] : carried.arrays()) {
      const auto end = next + static_cast<std::ptrdiff_t>(array.elements());
      const std::vector<Real> own(next, end);
      restored.put<Real>(name, own, array.shape);
      next = end;
    }
    network_.load_state("", restored, 0, 1);
    begins_ = false;
  }

 private:
  std::shared_ptr<const Opened<Real>> model_;
  ThreadPool alone_{1};
  Network<Real> network_;
  std::vector<Real> outputs_;
  std::vector<double> said_;
  bool begins_ = true;
};

}  // namespace

std::unique_ptr<Stream> open_stream(const NamedState& checkpoint, const std::string& where) {
  return with_precision(checkpoint, where, [&]<class Real>() -> std::unique_ptr<Stream> {
    return std::make_unique<NetworkStream<Real>>(
        std::make_shared<const Opened<Real>>(checkpoint, where));
  });
}

}  // namespace rondo::library
