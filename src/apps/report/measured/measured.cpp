#include "apps/report/measured/measured.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/predicting/measured_model.hpp"
#include "apps/report/measured/confusion.hpp"
#include "apps/report/measured/examples.hpp"
#include "apps/report/measured/fans.hpp"
#include "apps/report/measured/intervals.hpp"
#include "apps/report/measured/measured_tables.hpp"
#include "apps/report/measured/reach_section.hpp"
#include "apps/report/measured/scatter.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/data/excerpts.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/train/feedback.hpp"
#include "rondo/train/suspects.hpp"
#include "tasks/decoding/judge.hpp"
#include "tasks/decoding/said_column.hpp"
#include "tasks/decoding/texts_of_ranks.hpp"
#include "tasks/figures/suspects.hpp"
#include "tasks/figures/text_figures.hpp"
#include "tasks/sequence_inputs.hpp"

namespace rondo::apps::report {
namespace {

template <class Real>
class Measured {
 public:
  Measured(const AskedModel& asked, std::string split, const MeasureQuestion& question,
           std::string id, int level)
      : asked_(asked),
        split_(std::move(split)),
        question_(question),
        id_(std::move(id)),
        level_(level),
        measured_(asked, split_),
        world_(make_single()),
        pool_(question.threads, kernels::set_float_mode),
        evaluator_(model().plan, model().layout, model().parameters.data(),
                   evaluation_shape(model().config, windows()), *world_),
        said_(tasks::said_column_of(data().columns())) {
    measured_.check_room(*world_);
  }

  std::string body() {
    const Evaluation evaluation = evaluate();
    std::string body = beside({figures_table(evaluation, data().loss_unit(),
                                             answered_of(evaluation), samples_, intervals_),
                               splits_table(data().file())});
    std::vector<std::string> tables;
    const Json told = data().task().figures_json(asked_.where, evaluation, data(), split_);
    for (const auto& [key, value] : told.items()) {
      if (!value.is_array() || value.empty() || !value.front().is_object()) continue;
      tables.push_back(heading(level_, title_of(key)) + table_of(value));
    }
    if (!evaluation.confusion.empty()) {
      tables.push_back(heading(level_, "Given and said") + confusion(evaluation));
    }
    if (!tables.empty()) body += beside(tables);
    if (const auto* forecasts = dynamic_cast<const ForecastSequences*>(answered())) {
      body += heading(level_, "Forecasts over what came") +
              forecast_fans(answers_, *forecasts, id_ + "fan");
    } else if (!answers_.numbers.given.empty()) {
      const Column& target = data().columns()[tasks::target_of(data().columns())];
      body += heading(level_, "Said over given") + scatters(answers_, target, id_ + "scatter");
    }
    if (said_ != nullptr) body += heading(level_, "The first ones") + examples();
    if (!evaluation.edits.worst.empty()) body += worst_lines(evaluation.edits);
    const ReachQuestion reach{asked_.asked, question_.data, split_, 0, question_.threads};
    const std::string far = reach_section(asked_.state, asked_.where, reach, id_ + "reach");
    if (!far.empty()) body += heading(level_, "How far back gradients reach") + far;
    return body + suspects();
  }

 private:
  // Texts have as many targets as symbols, and are right or not as a whole.
  std::int64_t answered_of(const Evaluation& evaluation) const {
    return said_ == nullptr ? evaluation.targets : samples_;
  }

  Dataset& data() const { return measured_.data; }
  const SavedModel<Real>& model() const { return measured_.model; }
  const WindowSource& windows() const { return *measured_.split; }
  const SequenceSource* answered() const { return fed_ ? fed_.get() : windows().whole(); }

  Evaluation evaluate() {
    const Task& task = data().task();
    const auto targets = task.sequence_targets(data().columns());
    if (model().config.feeds_back()) {
      fed_ = dynamic_cast<const ForecastSequences&>(*windows().whole())
                 .like(whole_shape(model().config));
      answers_ = answer_by_feedback(model(), *fed_, pool_, *world_);
      return task.judge(answers_, data().columns(), *fed_);
    }
    if (task.spells()) {
      answers_ = *evaluator_.spell(windows(), data().columns(), question_.beam, pool_, nullptr, {});
      take_text_intervals(answers_.texts, ColumnKind::character);
      return task.judge(answers_, data().columns(), *windows().whole());
    }
    if (said_ != nullptr) return evaluate_said();
    if (!targets) return evaluator_.evaluate(windows(), pool_);
    answers_ = *evaluator_.answer(windows(), *targets, pool_);
    const SequenceSource& sequences = *windows().whole();
    std::vector<std::int64_t> given;
    for (std::size_t i = 0; i < answers_.weights.size(); ++i) {
      if (answers_.weights[i] > 0) given.push_back(static_cast<std::int64_t>(i));
    }
    samples_ = static_cast<std::int64_t>(given.size());
    // Forecasts of one series follow from one another: they are no samples.
    if (dynamic_cast<const ForecastSequences*>(&sequences) == nullptr) {
      std::vector<std::int64_t> some(given.size());
      intervals_ = bootstrap(samples_, [&](std::span<const std::int64_t> drawn) {
        std::ranges::transform(drawn, some.begin(),
                               [&](std::int64_t i) { return given[static_cast<std::size_t>(i)]; });
        return task.judge(chosen(answers_, some), data().columns(), sequences).figures;
      });
    }
    return task.judge(answers_, data().columns(), sequences);
  }

  Evaluation evaluate_said() {
    Evaluation evaluation = *evaluator_.evaluate_texts(windows(), pool_, nullptr, {});
    if (!std::isfinite(evaluation.loss)) return evaluation;
    tasks::Judged judged;
    judged.decode = tasks::usual_search(*said_);
    judged.decode.beam = question_.beam;
    judged.lengths = tasks::usual_lengths(data().columns());
    const tasks::MakeScorer voter = tasks::scorer_of(model(), pool_);
    const auto texts =
        tasks::texts_of({&voter, 1}, windows(), data().columns(), judged, *world_, pool_, [] {});
    evaluation.figures = take_text_intervals(texts, said_->kind);
    return evaluation;
  }

  // The figures of all texts that were given, and their intervals.
  std::vector<Figure> take_text_intervals(const std::vector<std::vector<std::int32_t>>& texts,
                                          ColumnKind kind) {
    const auto all = tasks::given_and_said(*windows().whole(), data().columns(), texts);
    std::vector<tasks::TextCounts> counts;
    tasks::TextCounts sum;
    for (std::size_t i = 0; i < all.given.size(); ++i) {
      counts.emplace_back(all.given[i], all.said[i]);
      sum += counts.back();
    }
    samples_ = static_cast<std::int64_t>(counts.size());
    intervals_ = bootstrap(samples_, [&](std::span<const std::int64_t> drawn) {
      tasks::TextCounts some;
      for (const std::int64_t i : drawn) some += counts[static_cast<std::size_t>(i)];
      return some.figures(kind);
    });
    return sum.figures(kind);
  }

  std::string confusion(const Evaluation& evaluation) const {
    const Column& target = data().columns()[tasks::target_of(data().columns())];
    std::vector<std::string> names;
    for (std::size_t i = 0; i < evaluation.confusion.size(); ++i) {
      names.push_back(target.symbol_name(i));
    }
    return confusion_table(evaluation.confusion, names);
  }

  std::string examples() {
    return data().task().spells()
               ? spelt_examples(measured_, question_.beam, pool_, id_ + "aligned")
               : said_examples(measured_, question_.beam, pool_, id_ + "looked");
  }

  std::string worst_lines(const TextEdits& edits) const {
    Table mistakes{{"given", "said", "times"}, {}, 2};
    for (const TextEdits::Confusion& one : edits.confusions) {
      if (mistakes.rows.size() == 20) break;
      mistakes.rows.push_back({one.given.empty() ? "nothing" : one.given,
                               one.said.empty() ? "nothing" : one.said, grouped(one.times)});
    }
    Table lines{{"sample", "given", "said", "edits", "of"}, {}, 3};
    for (const TextEdits::Line& one : edits.worst) {
      if (static_cast<std::int64_t>(lines.rows.size()) == question_.most) break;
      lines.rows.push_back({grouped(one.sequence + 1), one.given, one.said, grouped(one.edits),
                            grouped(one.characters)});
    }
    return heading(level_, "Most frequent mistakes") + table(mistakes) +
           heading(level_, "Worst lines") + table(lines);
  }

  // What `rondo suspects` lists.
  std::string suspects() {
    const Task& task = data().task();
    // Of lines that steps spell there are the worst already.
    if (question_.most == 0 || task.spells() || !has_suspects(task, data().columns())) return "";
    const std::vector<tasks::Suspect> all =
        find_suspects(model(), evaluator_, windows(), data().columns(), 1, pool_, *world_);
    if (all.empty()) return "";
    std::unique_ptr<SequenceSource> stored;
    if (dynamic_cast<const ForecastSequences*>(windows().whole()) == nullptr) {
      stored = open_sequences(data().shared_file(), data().stored_columns(), split_);
    }
    Table table{{"sample", "target", "answer"}, {}, 3};
    if (stored) table.head.emplace_back("read");
    table.names = table.head.size();
    table.head.emplace_back("score");
    for (const tasks::Suspect& suspect : all) {
      if (static_cast<std::int64_t>(table.rows.size()) == question_.most) break;
      std::vector<std::string>& row = table.rows.emplace_back();
      row = {grouped(suspect.sequence + 1) +
                 (suspect.step < 0 ? "" : fmt::format(" step {}", grouped(suspect.step + 1))) +
                 (suspect.number.empty() ? "" : " " + suspect.number),
             in_words(suspect.given), in_words(suspect.said)};
      if (stored) row.push_back(excerpt(*stored, data().stored_columns(), suspect.sequence));
      row.push_back(fmt::format("{:.3f}", suspect.score));
    }
    return heading(level_, "Worst samples") +
           paragraph(fmt::format("Of {} whose answers differ; as rondo suspects lists them, by how "
                                 "much surer the model is of its own answer.",
                                 grouped(static_cast<std::int64_t>(all.size()))),
                     "small muted") +
           report::table(table);
  }

  const AskedModel& asked_;
  std::string split_;
  const MeasureQuestion& question_;
  std::string id_;
  int level_;
  MeasuredModel<Real> measured_;
  std::unique_ptr<Communicator> world_;
  ThreadPool pool_;
  Evaluator<Real> evaluator_;
  const Column* said_;
  Answers answers_;
  std::int64_t samples_ = 0;  // sequences that figures are of
  Intervals intervals_;
  std::unique_ptr<ForecastSequences> fed_;
};

std::string split_of(const Dataset& data, const std::string& asked) {
  if (!asked.empty()) return asked;
  for (const char* name : {"test", "validation"}) {
    if (data.has_split(name)) return name;
  }
  return "train";
}

}  // namespace

std::string measured_section(const ReportedRun& run, const MeasureQuestion& question,
                             std::size_t number, int level) {
  AskedModel asked;
  asked.asked = run.folder;
  asked.where = run.model->path.string();
  asked.state = run.model->state;
  asked.data = std::make_unique<Dataset>(question.data);
  const std::string split = split_of(*asked.data, question.split);
  const std::string fingerprint = asked.data->file().fingerprint();
  const bool same = run.record.checkpoint["data_fingerprint"] == fingerprint;
  std::string body =
      heading(level, fmt::format("Measured on {}", split)) +
      paragraph(fmt::format("The split {} of {}, {}.", split, file_name(question.data),
                            same ? "the data set that it was trained on"
                                 : "another data set than it was trained on, of the "
                                   "fingerprint " +
                                       fingerprint),
                "small muted");
  return body + with_precision(asked.state, asked.where, [&]<class Real>() {
           return Measured<Real>(asked, split, question, fmt::format("run{}", number), level + 1)
               .body();
         });
}

std::string made_up_section(const ReportedRun& run, std::uint64_t seed, int level) {
  if (!run.model) return "";
  const std::string where = run.model->path.string();
  if (!task_of(run.model->state, where).continues_texts()) return "";
  return heading(level, "In its own words") +
         with_precision(run.model->state, where, [&]<class Real>() {
           return sampled_text(SavedModel<Real>(run.model->state, where), seed);
         });
}

}  // namespace rondo::apps::report
