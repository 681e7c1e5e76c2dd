#include "library/stream.hpp"

#include <algorithm>
#include <optional>

#include "library/answers.hpp"
#include "library/inputs.hpp"
#include "library/series_rows.hpp"
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
    if (is_series()) {
      of_step = SeriesRows::columns_of_step(saved.stored_columns, forecast_shape(saved.config));
      for (const Column& column : of_step) given.push_back(&column);
    } else {
      given = tasks::given_columns(saved.task, saved.columns);
    }
    answers = std::make_unique<StepAnswers>(saved.task, saved.config, saved.stored_columns,
                                            saved.columns);
    description.task = saved.task.name();
    description.inputs = inputs_of(given);
    description.outputs = answers->names();
    for (const Column* const column : given) description.vocabularies.push_back(column->vocabulary);
  }

  bool is_series() const { return saved.stored_columns.front().is_series; }

  SavedModel<Real> saved;
  Columns of_step;  // of a series
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
    const SavedModel<Real>& saved = model_->saved;
    if (model_->is_series()) {
      rows_.emplace(saved.stored_columns, saved.columns, forecast_shape(saved.config));
    }
  }

  const Description& description() const override { return model_->description; }

  std::unique_ptr<Stream> copy() const override {
    auto other = std::make_unique<NetworkStream>(model_);
    other->restore(state());
    return other;
  }

  const std::vector<double>& step(const std::vector<double>& values) override {
    tasks::GivenStep given = step_of(model_->given, values);
    if (rows_) given = rows_->read(given);
    Window window = tasks::window_of(model_->saved.task, model_->saved.columns, {&given, 1});
    window.axes.front().resets.front() = begins_ ? 1 : 0;
    const WindowView view(window, 0);
    network_.forward(view, alone_);
    network_.carry(view);
    begins_ = false;
    network_.outputs(0, 0, outputs_);
    model_->answers->template read<Real>(
        outputs_, rows_ ? rows_->scales() : model_->answers->scales(), said_);
    return said_;
  }

  void reset() override {
    begins_ = true;
    if (rows_) rows_->keep({});
  }

  // What its layers carry, in the order of their arrays' names, and behind it the rows that are
  // kept; nothing where a sequence begins.
  std::vector<double> state() const override {
    std::vector<double> numbers;
    if (begins_) return numbers;
    NamedState carried;
    network_.save_state("", carried);
    for (const auto& [name, array] : carried.arrays()) {
      const std::span<const Real> own = carried.get<Real>(name, array.shape);
      numbers.insert(numbers.end(), own.begin(), own.end());
    }
    if (rows_) numbers.insert(numbers.end(), rows_->kept().begin(), rows_->kept().end());
    return numbers;
  }

  void restore(const std::vector<double>& state) override {
    if (state.empty()) return reset();
    NamedState carried;
    network_.save_state("", carried);
    std::size_t wanted = 0;
    for (const auto& [name, array] : carried.arrays()) wanted += array.elements();
    const std::size_t more = std::max(state.size(), wanted) - wanted;
    if (state.size() < wanted || (rows_ ? more % rows_->width() : more) != 0) {
      throw_input("a state of {} numbers is of another model: this one has {}{}", state.size(),
                  wanted, rows_ ? " and those of the rows before" : "");
    }
    NamedState restored;
    auto next = state.begin();
    for (const auto& [name, array] : carried.arrays()) {
      const auto end = next + static_cast<std::ptrdiff_t>(array.elements());
      const std::vector<Real> own(next, end);
      restored.put<Real>(name, own, array.shape);
      next = end;
    }
    if (rows_) rows_->keep({next, state.end()});
    network_.load_state("", restored, 0, 1);
    begins_ = false;
  }

 private:
  std::shared_ptr<const Opened<Real>> model_;
  ThreadPool alone_{1};
  Network<Real> network_;
  std::optional<SeriesRows> rows_;
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
