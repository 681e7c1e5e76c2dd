#include "apps/predicting/spelling/spelt_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "apps/predicting/answers_text.hpp"
#include "apps/predicting/spelling/alignment_picture.hpp"
#include "apps/predicting/spelling/fusion_options.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/kernels/math/math.hpp"
#include "tasks/figures/text_figures.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t most_texts = 1024;

void exponentials(std::vector<double>& values) { kernels::exp<double>(values, values); }

Aligned aligned(const tasks::StepScores& scores, const tasks::SpeltText& text, const Column& said,
                std::int64_t steps, std::int64_t frames_together) {
  Aligned result;
  result.steps = steps;
  for (const tasks::SpeltSymbol& symbol : tasks::align(scores, text.symbols)) {
    result.target.push_back(said.symbol_name(static_cast<std::size_t>(symbol.symbol)));
    result.first.push_back(symbol.first * frames_together);
    result.last.push_back(std::min((symbol.last + 1) * frames_together, steps) - 1);
    result.confidence.push_back(symbol.confidence);
  }
  return result;
}

std::string json_line(const std::vector<tasks::SpeltText>& texts, const Aligned& best,
                      const Column& said) {
  Json answers = Json::array();
  for (const tasks::SpeltText& text : texts) {
    answers.push_back({{"answer", tasks::text_of(said, text.symbols)},
                       {"score", text.score},
                       {"confidence", std::exp(text.log_probability)}});
  }
  Json line = answers.front(), symbols = Json::array();
  if (texts.front().outside_list) line["outside_list"] = true;
  for (std::size_t i = 0; i < best.target.size(); ++i) {
    symbols.push_back({{"symbol", best.target[i]},
                       {"first", best.first[i]},
                       {"last", best.last[i]},
                       {"confidence", best.confidence[i]}});
  }
  line["symbols"] = std::move(symbols);
  if (texts.size() > 1) line["answers"] = answers;
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string plain_line(const std::vector<tasks::SpeltText>& texts, const Column& said) {
  std::string line;
  for (const tasks::SpeltText& text : texts) {
    line += fmt::format("{}{}\t{:.6f}", line.empty() ? "" : "\t",
                        in_one_line(tasks::text_of(said, text.symbols)), text.score);
  }
  return line + '\n';
}

}  // namespace

std::vector<Option> spelling_options() {
  std::vector<Option> options = fusion_options();
  options.push_back(
      {"alignment-output", "FILE",
       "when each symbol was said: JSON lines, and beside them a picture of the first "
       "ones, FILE.svg",
       "texts that steps spell"});
  return options;
}

void refuse_spelling(const GivenOptions& given, const std::string& task) {
  for (const Option& option : spelling_options()) {
    if (!given.has(option.name)) continue;
    throw_input("--{} is for models whose steps spell texts, and this one's task is '{}'",
                option.name, task);
  }
}

tasks::SpellingOptions spelling_of(const GivenOptions& given, const Column& said) {
  for (const Option& option : saying_options()) {
    if (option.name == "beam" || option.name == "n-best" || !given.has(option.name)) continue;
    throw_input(
        "--{} is for models that say one symbol after another, and the steps of this one spell its "
        "texts",
        option.name);
  }
  tasks::SpellingOptions options = tasks::usual_spelling(said);
  options.n_best = given.integer("n-best", 1, 1, most_texts);
  const std::int64_t usual_beam =
      is_fused(given) ? std::max(usual_fused_beam, options.n_best) : options.n_best;
  options.beam = given.integer("beam", usual_beam, 1, most_texts);
  if (is_fused(given) && options.beam == 1) {
    throw_input(
        "--beam 1 says the likeliest symbol of each step, whatever a language model or a word list "
        "knows: they take --beam 2 or more");
  }
  if (options.n_best > options.beam) {
    throw_input("--n-best {} are more texts than --beam {} keeps: widen the beam", options.n_best,
                options.beam);
  }
  return options;
}

std::vector<std::vector<double>> scores_of(const std::vector<std::unique_ptr<Voter>>& voters,
                                           const WindowSource& sequences, ThreadPool& pool) {
  std::vector<std::vector<double>> all(static_cast<std::size_t>(sequences.whole()->sequences()));
  for (const auto& voter : voters) {
    voter->say_scores(sequences, pool, [&](std::int64_t sequence, std::span<const double> scores) {
      std::vector<double>& to = all[static_cast<std::size_t>(sequence)];
      std::vector<double> own(scores.begin(), scores.end());
      if (voters.size() > 1) exponentials(own);
      to.resize(own.size());
      for (std::size_t i = 0; i < own.size(); ++i) to[i] += own[i];
    });
  }
  if (voters.size() == 1) return all;
  const auto count = static_cast<double>(voters.size());
  for (std::vector<double>& of_sequence : all) {
    for (double& value : of_sequence) {  // impossible to all: as good as
      value = std::max(value / count, std::numeric_limits<double>::min());
    }
    kernels::log<double>(of_sequence, of_sequence);
  }
  return all;
}

SaidText spelt_text(const std::vector<std::vector<double>>& scores,
                    std::span<const std::int32_t> steps, const Column& said,
                    const SpeltOptions& options, ThreadPool& pool) {
  const int classes = said.vocabulary->size() + 1;
  std::vector<tasks::StepScores> sequences;
  for (const std::vector<double>& own : scores) sequences.push_back({own, classes});
  const auto spelt = tasks::spell_all(sequences, options.search, options.fusion, pool);
  std::vector<SaidText> lines(scores.size());
  pool.for_each(static_cast<int>(scores.size()), [&](int number) {
    const auto i = static_cast<std::size_t>(number);
    const tasks::StepScores& own = sequences[i];
    const std::vector<tasks::SpeltText>& texts = spelt[i];
    if (!std::isfinite(texts.front().log_probability)) return;
    Aligned best;
    if (options.json || options.alignment) {
      best = aligned(own, texts.front(), said, steps[i], options.frames_together);
    }
    lines[i].answers = options.json ? json_line(texts, best, said) : plain_line(texts, said);
    if (options.alignment) lines[i].attention = alignment_line(best);
  });
  SaidText result;
  for (const std::vector<tasks::SpeltText>& texts : spelt) {
    result.outside_list += texts.front().outside_list ? 1 : 0;
  }
  for (const SaidText& line : lines) {
    if (line.answers.empty()) {
      throw_run("the model says what is no number: its weights are of no use for a sequence");
    }
    result.answers += line.answers;
    result.attention += line.attention;
  }
  return result;
}

}  // namespace rondo::apps
