#include "apps/predicting/voters.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "apps/options/model_options.hpp"
#include "apps/sweep/sweep_folder.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "rondo/data/forecasts.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/feedback.hpp"
#include "rondo/train/saved_model.hpp"
#include "tasks/answers/class_answers.hpp"
#include "tasks/answers/number_answers.hpp"
#include "train/saved/state_transfer.hpp"

namespace rondo::apps {
namespace {

void add_number_votes(const NumberAnswers& numbers, int width,
                      std::vector<std::vector<double>>& votes) {
  const auto parts = static_cast<std::size_t>(numbers.loss.parts());
  const std::size_t outputs = static_cast<std::size_t>(width) * parts;
  std::vector<double> said;
  for (std::size_t row = 0; row < votes.size(); ++row) {
    votes[row].resize(outputs);
    for (int i = 0; i < width; ++i) {
      tasks::read_number(numbers.loss, std::span(numbers.said).subspan(row * outputs, outputs),
                         width, i, said);
      tasks::add_vote(numbers.loss, said,
                      std::span(votes[row]).subspan(static_cast<std::size_t>(i) * parts, parts));
    }
  }
}

// Whether what two models say of numbers means the same.
bool say_the_same(const Config& a, const Config& b) {
  const kernels::NumberLoss one = a.number_loss(), other = b.number_loss();
  return one.parts() == other.parts() && one.quantiles == other.quantiles;
}

template <class Real>
class ModelVoter final : public Voter {
 public:
  ModelVoter(const NamedState& state, const std::string& where, Communicator& world)
      : model_(state, where), world_(world) {}

  const Task& task() const override { return model_.task; }
  const Columns& stored_columns() const override { return model_.stored_columns; }
  const Columns& columns() const override { return model_.columns; }
  const Config& config() const override { return model_.config; }
  void vote(const WindowSource& sequences, ThreadPool& pool,
            std::vector<std::vector<double>>& votes) override {
    if (model_.config.feeds_back()) {
      const auto& whole = dynamic_cast<const ForecastSequences&>(*sequences.whole());
      const Answers answers = answer_by_feedback(model_, whole, pool, world_);
      const auto width = static_cast<int>(whole.targets() * whole.rows_ahead());
      return add_number_votes(answers.numbers, width, votes);
    }
    const auto targets = model_.task.sequence_targets(model_.columns);
    Evaluator<Real> evaluator(model_.plan, model_.layout, model_.parameters.data(),
                              evaluation_shape(model_.config, sequences), world_);
    if (targets->numbers > 0) {
      const Answers answers = *evaluator.answer(sequences, *targets, pool);
      return add_number_votes(answers.numbers, targets->numbers, votes);
    }
    evaluator.answer(sequences, *targets, pool, nullptr, {},
                     [&](std::int64_t row, std::span<const Real> logits) {
                       auto& to = votes[static_cast<std::size_t>(row)];
                       to.resize(logits.size());
                       targets->labels > 0 ? tasks::add_label_probabilities<Real>(logits, to)
                                           : tasks::add_class_probabilities<Real>(logits, to);
                     });
  }
  void say_scores(const WindowSource& sequences, ThreadPool& pool,
                  const std::function<void(std::int64_t, std::span<const double>)>& say) override {
    Evaluator<Real> evaluator(model_.plan, model_.layout, model_.parameters.data(),
                              evaluation_shape(model_.config, sequences), world_);
    evaluator.say_scores(sequences, pool, say);
  }
  tasks::MakeScorer scorer(ThreadPool& pool) override { return tasks::scorer_of(model_, pool); }

 private:
  SavedModel<Real> model_;
  Communicator& world_;
};

// The paths of --checkpoint, in the place of a sweep its members, as rank 0 finds them.
std::vector<std::string> asked_checkpoints(const GivenOptions& given, Communicator& world) {
  std::string all;  // each with a zero byte behind it
  phase(world, [&] {
    if (world.rank() != 0) return;
    for (const std::string& path : with_members(given.list("checkpoint"))) all += path + '\0';
  });
  broadcast(world, all, 0);
  std::vector<std::string> paths;
  for (std::size_t begin = 0; begin < all.size(); begin += paths.back().size() + 1) {
    paths.emplace_back(all.c_str() + begin);
  }
  return paths;
}

}  // namespace

std::vector<std::unique_ptr<Voter>> open_voters(const GivenOptions& given, Communicator& world,
                                                Communicator& alone) {
  std::vector<std::unique_ptr<Voter>> voters;
  const std::vector<std::string> paths = asked_checkpoints(given, world);
  for (const std::string& asked : paths) {
    std::string where;
    NamedState state;
    phase(world, [&] {
      if (world.rank() != 0) return;
      ModelFile file = read_asked_model(given, asked);
      where = file.path.string();
      state = std::move(file.state);
    });
    broadcast(world, where, 0);
    state = broadcast_state(world, std::move(state));
    phase(world, [&] {
      with_precision(state, where, [&]<class Real>() {
        voters.push_back(std::make_unique<ModelVoter<Real>>(state, where, alone));
      });
      const Voter& first = *voters.front();
      const Voter& last = *voters.back();
      if (last.task().continues_texts()) {
        throw_input("{} is a model of the task '{}': rondo generate writes its texts", where,
                    last.task().name());
      }
      if (&last.task() != &first.task() ||
          !first.task().same_columns(first.stored_columns(), last.stored_columns())) {
        throw_input("{} cannot vote with {}: it was trained on other columns", asked,
                    paths.front());
      }
      if (static_cast<const ForecastSettings&>(first.config()) !=
              static_cast<const ForecastSettings&>(last.config()) ||
          first.config().carries_state() != last.config().carries_state()) {
        throw_input(
            "{} cannot vote with {}: it forecasts in another way, as their --horizon and "
            "the keys beside it tell",
            asked, paths.front());
      }
      if (first.config().stack_frames != last.config().stack_frames) {
        throw_input("{} cannot vote with {}: its --stack-frames are {}", asked, paths.front(),
                    last.config().stack_frames);
      }
      if (first.config().frames_together() != last.config().frames_together()) {
        throw_input("{} cannot vote with {}: its --pyramid {} over {} layers makes other steps",
                    asked, paths.front(), last.config().pyramid, last.config().layers);
      }
      if (!say_the_same(first.config(), last.config())) {
        throw_input("{} cannot vote with {}: its --loss is {}", asked, paths.front(),
                    last.config().loss);
      }
    });
  }
  return voters;
}

}  // namespace rondo::apps
