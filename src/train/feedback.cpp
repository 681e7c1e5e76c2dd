#include "rondo/train/feedback.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/train/evaluator.hpp"
#include "tasks/answers/number_answers.hpp"

namespace rondo {
namespace {

// Origins whose states go on side by side.
constexpr std::int64_t most_together = 64;

// What a head says of a sequence's next row, in the target's units.
class NextRow {
 public:
  NextRow(const kernels::NumberLoss& loss, const ForecastSequences& fed)
      : loss_(loss), fed_(fed), scales_(static_cast<std::size_t>(fed.targets())) {}

  void append(std::int64_t sequence, std::span<const double> outputs, std::vector<double>& to) {
    fed_.scales(sequence, scales_);
    for (std::size_t i = 0; i < scales_.size(); ++i) {
      tasks::read_number(loss_, outputs, fed_.targets(), static_cast<int>(i), parts_);
      tasks::to_units(loss_, scales_[i].base, scales_[i].unit, parts_);
      to.push_back(parts_[tasks::answer_part(loss_)]);
    }
  }

 private:
  const kernels::NumberLoss& loss_;
  const ForecastSequences& fed_;
  std::vector<ForecastSequences::Scale> scales_;
  std::vector<double> parts_;
};

template <class Real>
std::vector<double> feed_windows(const SavedModel<Real>& model,
                                 std::unique_ptr<ForecastSequences> sequences, ThreadPool& pool,
                                 Communicator& world) {
  ForecastSequences& fed = *sequences;
  const PackedWindows windows(std::move(sequences), model.columns);
  const auto targets = *model.task.sequence_targets(model.columns);
  const kernels::NumberLoss loss = model.config.number_loss();
  NextRow next(loss, fed);
  std::vector<double> said;
  for (std::int64_t row = 0; row < fed.rows_ahead(); ++row) {
    Evaluator<Real> evaluator(model.plan, model.layout, model.parameters.data(),
                              evaluation_shape(model.config, windows), world);
    const Answers answers = *evaluator.answer(windows, targets, pool);
    const auto outputs = static_cast<std::size_t>(fed.targets() * loss.parts());
    said.clear();
    for (std::int64_t i = 0; i < fed.sequences(); ++i) {
      next.append(
          i,
          std::span(answers.numbers.said).subspan(static_cast<std::size_t>(i) * outputs, outputs),
          said);
    }
    fed.feed(0, said);
  }
  return {fed.fed().begin(), fed.fed().end()};
}

// Some sequences of one step each, as if they were all.
class SomeSteps final : public SequenceSource {
 public:
  SomeSteps(const ForecastSequences& all, std::int64_t first, std::int64_t count)
      : all_(all), first_(first), lengths_(static_cast<std::size_t>(count), 1) {
    for (std::int64_t i = 0; i <= count; ++i) starts_.push_back(i);
  }
  std::int64_t sequences() const override { return std::ssize(lengths_); }
  std::span<const std::int32_t> lengths() const override { return lengths_; }
  std::span<const std::int64_t> starts() const override { return starts_; }
  void read(int column, std::int64_t row, std::span<std::int32_t> values) const override {
    all_.read(column, first_ + row, values);
  }
  void read(int column, std::int64_t row, std::span<double> values) const override {
    all_.read(column, first_ + row, values);
  }

 private:
  const ForecastSequences& all_;
  std::int64_t first_;
  std::vector<std::int32_t> lengths_;
  std::vector<std::int64_t> starts_;
};

LaneLayout one_step_of(std::int64_t lanes) {
  LaneLayout layout;
  layout.lanes = layout.last_lane = lanes;
  layout.window = 1;
  layout.shuffle = false;
  layout.carried = true;
  return layout;
}

// States of several lanes, gathered one by one.
class LaneStates {
 public:
  void add(const NamedState& lane) {
    for (const auto& [name, array] : lane.arrays()) {
      NamedArray& to = all_[name];
      to.type = array.type;
      to.shape = array.shape;
      to.bytes.insert(to.bytes.end(), array.bytes.begin(), array.bytes.end());
    }
  }
  // Of `lanes` lanes, of which the last ones have none yet.
  NamedState take(std::int64_t lanes) {
    NamedState state;
    for (auto& [name, array] : all_) {
      array.shape[0] = static_cast<std::uint64_t>(lanes);
      std::ranges::copy(array.bytes, state.add(name, array.type, array.shape).bytes.begin());
    }
    all_.clear();
    return state;
  }

 private:
  std::map<std::string, NamedArray> all_;
};

// Carried state: walks through all series, and goes on from each of its origins.
template <class Real>
class Carried {
 public:
  Carried(const SavedModel<Real>& model, std::unique_ptr<ForecastSequences> walked,
          ForecastSequences& fed, ThreadPool& pool, Communicator& world)
      : model_(model),
        series_(*walked),
        walk_(std::move(walked), model.columns),
        fed_(fed),
        loss_(model.config.number_loss()),
        next_(loss_, fed),
        pool_(pool),
        world_(world),
        together_(std::min(most_together, fed.sequences())),
        walker_(model.plan, model.layout, model.parameters.data(), PassShape{1, 1, false}),
        branches_(model.plan, model.layout, model.parameters.data(),
                  PassShape{static_cast<int>(together_), 1, false}),
        values_(static_cast<std::size_t>(walker_.outputs())) {}

  void run() {
    walker_.pack(pool_);
    branches_.pack(pool_);
    walker_.clear_state();
    const LaneLayout layout = one_step_of(1);
    const auto reader = walk_.reader(layout);
    Window window;
    const std::int64_t windows = walk_.windows_of(1, layout);
    for (std::int64_t w = 0, origins = 0; w < windows; ++w) {
      reader->read(w, window);
      const WindowView view(window, 0);
      walker_.forward(view, pool_);
      walker_.carry(view);
      const Span& span = window.axes[0].spans.front();
      const std::int64_t row =
          series_.starts()[static_cast<std::size_t>(span.sequence)] + span.step;
      if (!series_.place(row).counts) continue;
      // Ranks take turns.
      const std::int64_t batch = origins / together_;
      if (batch % world_.size() == world_.rank()) keep(origins, batch * together_);
      ++origins;
    }
  }

 private:
  // What is said at an origin, and the state there.
  void keep(std::int64_t origin, std::int64_t first) {
    feed(walker_, 0, origin);
    NamedState lane;
    walker_.save_state("", lane);
    states_.add(lane);
    const std::int64_t count = origin - first + 1;
    if (count == together_ || origin + 1 == fed_.sequences()) go_on(first, count);
  }

  void go_on(std::int64_t first, std::int64_t count) {
    branches_.load_state("", states_.take(together_), 0, together_);
    const LaneLayout layout = one_step_of(count);
    const PackedWindows steps(std::make_unique<SomeSteps>(fed_, first, count), model_.columns);
    const auto reader = steps.reader(layout);
    Window window;
    for (std::int64_t row = 1; row < fed_.rows_ahead(); ++row) {
      reader->read(0, window);
      std::ranges::fill(window.axes[0].resets, std::uint8_t{0});
      const WindowView view(window, 0);
      branches_.forward(view, pool_);
      branches_.carry(view);
      for (const Span& span : window.axes[0].spans)
        feed(branches_, span.lane, first + span.sequence);
    }
  }

  void feed(const Network<Real>& network, int lane, std::int64_t origin) {
    network.outputs(0, lane, values_);
    outputs_.assign(values_.begin(), values_.end());
    said_.clear();
    next_.append(origin, outputs_, said_);
    fed_.feed(origin, said_);
  }

  const SavedModel<Real>& model_;
  const ForecastSequences& series_;
  const PackedWindows walk_;
  ForecastSequences& fed_;
  kernels::NumberLoss loss_;
  NextRow next_;
  ThreadPool& pool_;
  Communicator& world_;
  std::int64_t together_;
  Network<Real> walker_, branches_;
  LaneStates states_;
  std::vector<Real> values_;
  std::vector<double> outputs_, said_;
};

template <class Real>
std::vector<double> feed_states(const SavedModel<Real>& model, const ForecastSequences& whole,
                                ForecastSequences& fed, ThreadPool& pool, Communicator& world) {
  ForecastShape shape = forecast_shape(model.config);
  shape.fed = model.config.horizon - 1;
  Carried<Real>(model, whole.like(shape), fed, pool, world).run();
  // What ranks know of different origins, as sets of bits that are united.
  std::vector<std::uint64_t> bits;
  for (const double number : fed.fed()) bits.push_back(std::bit_cast<std::uint64_t>(number));
  world.unite(bits);
  std::vector<double> said;
  for (const std::uint64_t each : bits) said.push_back(std::bit_cast<double>(each));
  return said;
}

}  // namespace

template <class Real>
Answers answer_by_feedback(const SavedModel<Real>& model, const ForecastSequences& whole,
                           ThreadPool& pool, Communicator& world) {
  if (whole.sequences() == 0) {
    throw_input("no series has a row from which {} rows ahead could be forecast and compared",
                model.config.horizon);
  }
  std::unique_ptr<ForecastSequences> fed = whole.like(fed_shape(model.config));
  fed->begin_feeding();
  const std::vector<double> said = model.config.carries_state()
                                       ? feed_states(model, whole, *fed, pool, world)
                                       : feed_windows(model, std::move(fed), pool, world);
  const Columns& stored = whole.stored_columns();
  const Column& target = stored[static_cast<std::size_t>(SeriesColumns(stored).target)];
  const auto width = static_cast<std::size_t>(whole.targets());
  const auto sequences = static_cast<std::size_t>(whole.sequences());
  Answers answers;
  answers.losses.assign(sequences, 0);
  answers.weights.assign(sequences, 0);
  answers.numbers.loss = model.config.number_loss();
  answers.numbers.starts = target_starts(whole, ColumnScope::sequence);
  answers.numbers.given.resize(said.size());
  const Columns columns = forecast_columns(stored, whole.shape());
  whole.read(static_cast<int>(columns.size()) - 1, 0, answers.numbers.given);
  for (std::size_t at = 0; at < said.size(); ++at) {
    const std::size_t row = at / (width * static_cast<std::size_t>(model.config.horizon));
    const auto first = static_cast<std::size_t>(whole.place(static_cast<std::int64_t>(row)).target);
    const std::size_t number = first + at % width;
    answers.numbers.said.push_back((said[at] - target.mean[number]) / target.deviation[number]);
  }
  return answers;
}

template Answers answer_by_feedback(const SavedModel<float>&, const ForecastSequences&, ThreadPool&,
                                    Communicator&);
template Answers answer_by_feedback(const SavedModel<double>&, const ForecastSequences&,
                                    ThreadPool&, Communicator&);

}  // namespace rondo
