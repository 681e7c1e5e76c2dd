// `rondo eval`: the loss of a checkpoint, or of the n-gram baseline, on a split.
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>

#include "apps/agreement.hpp"
#include "apps/commands.hpp"
#include "apps/options.hpp"
#include "apps/phase.hpp"
#include "apps/say.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/data/ngram.hpp"
#include "rondo/kernels/target.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/host_limits.hpp"
#include "rondo/train/machine.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/saved_model.hpp"
#include "train/state_transfer.hpp"

namespace rondo::apps {
namespace {

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "eval",
      .summary = "Measures a model, or the baseline to compare it with, on a split of a data set.",
      .example =
          "  rondo eval --checkpoint runs/kjv --data kjv.rondo --split test\n"
          "  rondo eval --baseline --data kjv.rondo --split test\n",
      .positional = "",
      .options =
          {
              {.name = "checkpoint",
               .value_name = "PATH",
               .help = "a checkpoint, or a run's folder: its newest good one"},
              {.name = "best", .value_name = "", .help = "the best checkpoint of the run"},
              {.name = "baseline",
               .value_name = "",
               .help = "measure an n-gram, trained on the train split: Witten-Bell for characters, "
                       "modified Kneser-Ney for words and subwords"},
              {.name = "order",
               .value_name = "N",
               .help = "of the baseline: it foresees a token from N - 1 before it",
               .default_text = "5"},
              {.name = "data", .value_name = "FILE", .help = "the prepared data set"},
              {.name = "split",
               .value_name = "NAME",
               .help = "train, validation or test",
               .default_text = "test"},
              {.name = "threads",
               .value_name = "N",
               .help = "threads a rank",
               .default_text = "as many as there are cores for it"},
              {.name = "vector",
               .value_name = "NAME",
               .help = "vector instructions: auto, avx2, avx512, neon",
               .default_text = "auto"},
              {.name = "json", .value_name = "", .help = "print one JSON object"},
          },
  };
  return line;
}

bool in_characters(const TextDataset& data) {
  return std::string_view(data.vocabulary().level()) == "char";
}

// Bits a character: of a target, which is one, or of the whole text that words (<unk> unspelled) or
// subwords stand for. 0 where the data set does not tell how many characters those are.
double bits_per_character(const Evaluation& evaluation, const TextDataset& data,
                          const std::string& split) {
  const double bits = evaluation.loss / std::log(2.0);
  if (in_characters(data)) return bits;
  const auto characters = static_cast<double>(data.characters(split));
  return characters > 0 ? bits * static_cast<double>(evaluation.targets) / characters : 0;
}

void print(const std::string& what, const TextDataset& data, const std::string& split,
           const Evaluation& evaluation, bool json) {
  const double bits = bits_per_character(evaluation, data, split);
  const double perplexity = std::exp(evaluation.loss);
  if (json) {
    const nlohmann::ordered_json object = {{"model", what},
                                           {"split", split},
                                           {"loss", evaluation.loss},
                                           {"bits_per_character", bits},
                                           {"perplexity", perplexity},
                                           {"targets", evaluation.targets}};
    fmt::print("{}\n", object.dump());
    return;
  }
  if (!in_characters(data)) {
    fmt::print(
        "{} on {}: perplexity {:.3f} (loss {:.4f} nats, {:.4f} bits per character) over {} "
        "targets\n",
        what, split, perplexity, evaluation.loss, bits, evaluation.targets);
    return;
  }
  fmt::print(
      "{} on {}: {:.4f} bits per character (loss {:.4f} nats, perplexity {:.3f}) over {} "
      "targets\n",
      what, split, bits, evaluation.loss, perplexity, evaluation.targets);
}

int eval_baseline(const GivenOptions& given) {
  const TextDataset data(given.text("data"));
  const std::string split = given.text("split", "test");
  const auto order = static_cast<int>(given.integer("order", 5, 1, 16));
  const Smoothing smoothing = in_characters(data) ? Smoothing::witten_bell : Smoothing::kneser_ney;
  const NgramLoss loss = ngram_baseline(data, split, order, smoothing);
  print(fmt::format("{}-gram ({})", order, name_of(smoothing)), data, split,
        {loss.loss, loss.targets}, given.flag("json"));
  return static_cast<int>(ExitCode::finished);
}

template <class Real>
int eval_checkpoint(Communicator& world, const GivenOptions& given, const NamedState& state,
                    const std::string& where, const TextDataset& data) {
  std::unique_ptr<SavedModel<Real>> model;
  std::unique_ptr<TokenSource> split;
  const std::string name = given.text("split", "test");
  phase(world, [&] {
    model = std::make_unique<SavedModel<Real>>(state, where);
    if (!same_vocabulary(*model->vocabulary, data.vocabulary())) {
      throw_input(
          "{} was trained with another vocabulary than {} has: prepare the text anew with "
          "--vocabulary-from {}",
          where, given.text("data"), given.text("checkpoint"));
    }
    split = data.split(name);
    const EvaluationShape shape = evaluation_shape(model->config);
    const BlockPlan plan{shape.lanes / shape.block, world.size()};
    if (world.size() > model->config.eval_lanes / model->config.block) {
      throw_input("{} ranks are more than the {} blocks that the model is evaluated in",
                  world.size(), model->config.eval_lanes / model->config.block);
    }
    const PassShape pass = bounded_pass<Real>(model->shape, shape.block,
                                              plan.end(world.rank()) - plan.begin(world.rank()),
                                              shape.window, false, shape.memory);
    check_memory(Network<Real>::bytes(model->shape, pass).total());
  });
  const int usual_threads = default_threads(world);
  ThreadPool pool(static_cast<int>(given.integer("threads", usual_threads, 1, 1024)),
                  kernels::set_float_mode);
  Evaluator<Real> evaluator(model->shape, model->layout, model->parameters.data(),
                            evaluation_shape(model->config), world);
  const Evaluation evaluation = evaluator.evaluate(*split, pool);
  if (world.rank() == 0) print(where, data, name, evaluation, given.flag("json"));
  return static_cast<int>(ExitCode::finished);
}

int eval_in(Communicator& world, const std::vector<std::string>& arguments) {
  check_launcher(world);
  check_same(world, program_text(), "version of rondo");

  GivenOptions given;
  phase(world, [&] {
    given = parse_options(command_line(), arguments);
    require_options(command_line(), given, {"data"});
    if (given.flag("baseline") == given.has("checkpoint")) {
      throw_input("rondo eval takes one of --checkpoint PATH and --baseline");
    }
    if (given.has("order") && !given.flag("baseline")) {
      throw_input("--order is the baseline's: a checkpoint has none");
    }
  });
  if (given.flag("baseline")) return world.rank() == 0 ? eval_baseline(given) : 0;

  std::unique_ptr<TextDataset> data;
  NamedState state;
  std::string where;
  phase(world, [&] {
    kernels::select_target(given.text("vector", "auto"));
    kernels::set_float_mode();
    kernels::prove_target();
    data = std::make_unique<TextDataset>(given.text("data"));
    if (world.rank() != 0) return;
    ModelFile file = read_model(given.text("checkpoint"), given.flag("best"), say);
    where = file.path.string();
    state = std::move(file.state);
  });
  broadcast(world, where, 0);
  state = broadcast_state(world, std::move(state));
  return with_precision(state, where, [&]<class Real>() {
    return eval_checkpoint<Real>(world, given, state, where, *data);
  });
}

}  // namespace

int run_eval(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return eval_in(world, arguments); });
}

}  // namespace rondo::apps
