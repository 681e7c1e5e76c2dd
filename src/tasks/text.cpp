// Language models: the next character, word or piece of a word of a text.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "rondo/core/errors.hpp"
#include "rondo/core/shell_quote.hpp"
#include "rondo/data/ngram.hpp"
#include "rondo/data/splits.hpp"
#include "rondo/data/stream_windows.hpp"
#include "rondo/data/text_dataset.hpp"
#include "rondo/model/language_model.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/tasks/generator.hpp"
#include "tasks/tasks.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

const Vocabulary& vocabulary_of(const Columns& columns) { return *columns.front().vocabulary; }

// Bits a character: of a target, which is one, or of the whole text that words (<unk> unspelled) or
// subwords stand for. 0 where the data set does not tell how many characters those are.
double bits_per_character(const Evaluation& evaluation, const Dataset& data,
                          const std::string& split) {
  const double bits = evaluation.loss / std::log(2.0);
  if (vocabulary_of(data.columns()).traits().are_characters) return bits;
  const auto characters = static_cast<double>(text_characters(data.file(), split));
  return characters > 0 ? bits * static_cast<double>(evaluation.targets) / characters : 0;
}

template <class Real>
std::string sample_text(const Dataset& data, const TrainedNetwork<Real>& network,
                        std::uint64_t seed, const std::function<bool()>& ends) {
  const Vocabulary& vocabulary = vocabulary_of(data.columns());
  // The prompt: the first token of the training text, which every vocabulary has.
  std::int32_t prompt[1];
  const auto training = data.split("train");
  dynamic_cast<const StreamWindows&>(*training).tokens().read(0, prompt);
  GenerateOptions options;
  options.length = 240;
  options.temperature = 0.7;
  options.seed = seed;
  options.never = vocabulary.unknown();
  options.ends = ends;
  std::vector<std::int32_t> tokens(prompt, prompt + 1);
  // A thread of its own to work with: the pool's other threads would wait for each token.
  ThreadPool alone(1);
  generate<Real>(network.model, network.layout, network.parameters, prompt, options, alone,
                 [&](std::int32_t token) { tokens.push_back(token); });
  return vocabulary.decode(tokens);
}

class Text final : public Task {
 public:
  const char* name() const override { return "text"; }

  Columns load_columns(const NamedState& state) const override {
    Column column;
    column.name = "text";
    column.vocabulary = load_vocabulary(state);
    return {column};
  }
  void save_columns(const Columns& columns, NamedState& state) const override {
    vocabulary_of(columns).save(state);
  }
  bool same_columns(const Columns& a, const Columns& b) const override {
    return same_vocabulary(vocabulary_of(a), vocabulary_of(b));
  }
  std::string advice_for_columns(const std::string& where) const override {
    return "prepare the text anew with --vocabulary-from " + shell_quoted(where);
  }

  bool has_split(const DatasetReader& file, const std::string& name) const override {
    return has_text_split(file, name);
  }
  std::unique_ptr<WindowSource> split(const Dataset& data, const std::string& name) const override {
    return std::make_unique<StreamWindows>(
        open_text_split(data.shared_file(), name, vocabulary_of(data.columns()).size()));
  }

  void check_split(const Dataset& data, const std::string& name) const override;
  std::vector<std::string> notices(const TaskSettings& config, const Dataset& data) const override;

  NetworkPlan model(const TaskSettings& config, const Columns& columns) const override;

  std::vector<std::string> foreign_keys() const override {
    std::vector<std::string> keys = {"bidirectional", "pyramid"};
    append_keys(keys, classify_settings());
    append_keys(keys, number_settings());
    append_keys(keys, sequence_settings());
    append_keys(keys, forecast_settings());
    append_keys(keys, letter_settings());
    append_keys(keys, transduce_settings());
    append_keys(keys, transcribe_settings());
    append_keys(keys, augmentation_settings());
    append_keys(keys, fold_settings());
    return keys;
  }
  std::int64_t usual_window(const Dataset&) const override { return 64; }
  std::string describe_inputs(const TaskSettings& config, const Columns& columns) const override {
    return fmt::format("embedding {}, vocabulary {}", config.embedding,
                       vocabulary_of(columns).size());
  }

  LossUnit loss_unit(const Columns& columns) const override {
    return vocabulary_of(columns).traits().are_characters ? LossUnit::bits_per_character
                                                          : LossUnit::perplexity;
  }
  std::string figures_text(const std::string& what, const Evaluation& evaluation,
                           const Dataset& data, const std::string& split) const override;
  Json figures_json(const std::string& what, const Evaluation& evaluation, const Dataset& data,
                    const std::string& split) const override;
  std::vector<Baseline> baselines(const Dataset& data, const std::string& split,
                                  const BaselineOptions& options) const override;

  bool continues_texts() const override { return true; }
  std::optional<std::string> sample(const Dataset& data, const TrainedNetwork<float>& network,
                                    std::uint64_t seed,
                                    const std::function<bool()>& ends) const override {
    return sample_text(data, network, seed, ends);
  }
  std::optional<std::string> sample(const Dataset& data, const TrainedNetwork<double>& network,
                                    std::uint64_t seed,
                                    const std::function<bool()>& ends) const override {
    return sample_text(data, network, seed, ends);
  }

  Json describe(const DatasetReader& file) const override;
  std::string describe_text(const Json& description) const override;
  std::string describe_training(const WindowSource& training) const override {
    const TokenSource& tokens = dynamic_cast<const StreamWindows&>(training).tokens();
    return fmt::format("{} training tokens in {} documents", tokens.size(),
                       tokens.documents().size());
  }
};

void Text::check_split(const Dataset& data, const std::string& name) const {
  const auto split = data.split(name);
  const TokenSource& tokens = dynamic_cast<const StreamWindows&>(*split).tokens();
  if (tokens.size() > static_cast<std::int64_t>(tokens.documents().size())) return;
  throw_input(
      "{} has nothing to predict in its split '{}', whose documents are single tokens: prepare it "
      "again with more text there",
      data.file().path().string(), name);
}

// Lanes that leave nothing to carry.
std::vector<std::string> Text::notices(const TaskSettings& config, const Dataset& data) const {
  const auto training = data.split("train");
  const std::int64_t tokens = dynamic_cast<const StreamWindows&>(*training).tokens().size();
  const std::int64_t each = (tokens + config.lanes - 1) / config.lanes;
  if (each >= 2 * config.window) return {};
  constexpr std::int64_t good_windows = 10;
  const std::int64_t better = tokens / (good_windows * config.window);
  return {fmt::format(
      "{} lanes leave each {} of the {} training tokens, and a window has {}: {}; {}", config.lanes,
      each, tokens, config.window,
      each <= config.window ? "no state is carried from one window to the next"
                            : "state is carried to a single window",
      better > 0 ? fmt::format("{} or fewer leave each {} windows", better, good_windows)
                 : "fewer lanes, a smaller window or more text leave more")};
}

NetworkPlan Text::model(const TaskSettings& config, const Columns& columns) const {
  return ModelShape{config, vocabulary_of(columns).size(), config.seed}.plan();
}

std::string Text::figures_text(const std::string& what, const Evaluation& evaluation,
                               const Dataset& data, const std::string& split) const {
  const double bits = bits_per_character(evaluation, data, split);
  const double perplexity = std::exp(evaluation.loss);
  if (vocabulary_of(data.columns()).traits().are_characters) {
    return fmt::format(
        "{} on {}: {:.4f} bits per character (loss {:.4f} nats, perplexity {:.3f}) over {} "
        "targets\n",
        what, split, bits, evaluation.loss, perplexity, evaluation.targets);
  }
  return fmt::format(
      "{} on {}: perplexity {:.3f} (loss {:.4f} nats, {:.4f} bits per character) over {} "
      "targets\n",
      what, split, perplexity, evaluation.loss, bits, evaluation.targets);
}

Json Text::figures_json(const std::string& what, const Evaluation& evaluation, const Dataset& data,
                        const std::string& split) const {
  return {{"model", what},
          {"split", split},
          {"loss", evaluation.loss},
          {"bits_per_character", bits_per_character(evaluation, data, split)},
          {"perplexity", std::exp(evaluation.loss)},
          {"targets", evaluation.targets}};
}

std::vector<Task::Baseline> Text::baselines(const Dataset& data, const std::string& split,
                                            const BaselineOptions& options) const {
  const Vocabulary& vocabulary = vocabulary_of(data.columns());
  const Smoothing smoothing =
      vocabulary.traits().are_characters ? Smoothing::witten_bell : Smoothing::kneser_ney;
  const auto evaluated = data.split(split), training = data.split("train");
  NgramModel model(vocabulary.size(), options.order, smoothing);
  model.train(dynamic_cast<const StreamWindows&>(*training).tokens());
  const NgramLoss loss = model.evaluate(dynamic_cast<const StreamWindows&>(*evaluated).tokens());
  return {
      {fmt::format("{}-gram ({})", options.order, name_of(smoothing)), {loss.loss, loss.targets}}};
}

Json Text::describe(const DatasetReader& file) const {
  const NamedState& small = file.small();
  Json splits = Json::object();
  for (const std::string_view name : split_names) {
    const std::string key = std::string(name) + "/documents";
    if (!small.has(key)) continue;
    const NamedArray& array = small.get(key);
    if (array.shape.size() != 1 || array.shape[0] == 0) {
      throw_input("'{}' has no list of documents in {}", file.path().string(), key);
    }
    const auto starts = small.get<std::int64_t>(key, array.shape);
    const std::int64_t documents = static_cast<std::int64_t>(starts.size()) - 1;
    splits[name] = {{"documents", documents},
                    {"tokens", starts.back()},
                    {"targets", starts.back() - documents}};
  }
  return {{"vocabulary_size", load_vocabulary(small)->size()}, {"splits", splits}};
}

std::string Text::describe_text(const Json& description) const {
  std::string text = fmt::format("{:<18}{}\n", "vocabulary", description["vocabulary_size"].dump());
  text += fmt::format("{:<18}{}\n", "fingerprint", description["fingerprint"].get<std::string>());
  text += fmt::format("\n{:<12}{:>12}{:>16}{:>16}\n", "split", "documents", "tokens", "targets");
  for (const auto& [name, split] : description["splits"].items()) {
    text += fmt::format("{:<12}{:>12}{:>16}{:>16}\n", name, split["documents"].dump(),
                        split["tokens"].dump(), split["targets"].dump());
  }
  return text;
}

}  // namespace

const Task& text() {
  static const Text task;
  return task;
}

}  // namespace rondo::tasks
