#include "apps/predicting/said_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/predicting/answers_text.hpp"
#include "apps/predicting/attention_picture.hpp"
#include "rondo/core/errors.hpp"
#include "tasks/decoding/said_column.hpp"
#include "tasks/figures/text_figures.hpp"

namespace rondo::apps {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t most_texts = 1024, most_symbols = 1'000'000;

const std::vector<Option>& all_options() {
  static const char* const heading = "texts that are said";
  static const std::vector<Option> list = {
      {"beam", "N", "texts that are kept while one is searched for; 1: greedy", heading, "5"},
      {"n-best", "N", "texts that are answered, the best first", heading, "1"},
      {"length-penalty", "X",
       "a text's score is its log probability over its length to the power of X, its end counted",
       heading, "1"},
      {"min-length", "N", "symbols of a text at least", heading, "0"},
      {"max-length", "N", "symbols at most, where a text ends whatever the model says", heading,
       "three times the steps of a text that was read, else four times the mean of training, and "
       "20"},
      {"temperature", "X",
       "texts are drawn by their probabilities to the power of 1 / X, in place of a search",
       heading},
      {"seed", "N", "of what is drawn", heading, "1"},
      {"attention-output", "FILE",
       "what was looked at: JSON lines, and beside them a picture of the first ones, FILE.svg",
       heading},
  };
  return list;
}

// The symbols of a text by their names, unknown ones as they stand in what was read.
std::vector<std::string> names_of(const Hypothesis& text, const std::vector<std::string>& read,
                                  const Column& said) {
  std::vector<std::string> names;
  for (std::size_t t = 0; t < text.symbols.size(); ++t) {
    const std::int32_t symbol = text.symbols[t];
    if (symbol == said.vocabulary->unknown() && t < text.attention.size()) {
      const std::vector<float>& weights = text.attention[t];
      const auto most =
          static_cast<std::size_t>(std::ranges::max_element(weights) - weights.begin());
      if (most < read.size()) {
        names.push_back(read[most]);
        continue;
      }
    }
    names.push_back(said.symbol_name(static_cast<std::size_t>(symbol)));
  }
  return names;
}

std::string text_of(const Hypothesis& text, const std::vector<std::string>& read,
                    const Column& said) {
  if (said.kind == ColumnKind::subword) return tasks::text_of(said, text.symbols);
  std::string whole;
  for (const std::string& name : names_of(text, read, said)) {
    if (!whole.empty() && said.kind != ColumnKind::character) whole += ' ';
    whole += name;
  }
  return whole;
}

}  // namespace

std::vector<Option> saying_options() { return all_options(); }

std::vector<Option> judged_saying_options() {
  std::vector<Option> options;
  for (const Option& option : all_options()) {
    if (option.name == "beam" || option.name == "length-penalty" || option.name == "max-length") {
      options.push_back(option);
    }
  }
  options.front().help += "; 0: none is searched for, and the loss alone is measured";
  return options;
}

void refuse_saying(const GivenOptions& given, const std::string& task) {
  for (const Option& option : all_options()) {
    if (!given.has(option.name)) continue;
    throw_input("--{} is for models that say texts, and this one's task is '{}'", option.name,
                task);
  }
}

tasks::Judged judged_of(const GivenOptions& given, const Columns& columns,
                        const SequenceSource& sequences, const std::string& name) {
  tasks::Judged judged;
  judged.decode = tasks::usual_search(*tasks::said_column_of(columns));
  judged.decode.beam = given.integer("beam", 5, 0, most_texts);
  judged.decode.length_penalty = given.number("length-penalty", 1, {.low = 0, .high = 100});
  judged.lengths = tasks::usual_lengths(columns);
  judged.lengths.longest = given.integer("max-length", judged.lengths.longest, 1, most_symbols);
  const auto longest = std::ranges::max_element(sequences.second_lengths());
  const std::int64_t symbols = *longest - 1;  // and the end
  if (given.has("max-length") && symbols > judged.lengths.longest) {
    throw_input(
        "--max-length {}: sequence {} of the split '{}' has a target of {} symbols, which no text "
        "so short can be",
        judged.lengths.longest, longest - sequences.second_lengths().begin() + 1, name, symbols);
  }
  return judged;
}

Saying saying_of(const GivenOptions& given, const Columns& columns, bool copies) {
  const Column& said = *tasks::said_column_of(columns);
  Saying saying;
  DecodeOptions& decode = saying.decode;
  decode.draws = given.has("temperature");
  if (decode.draws && given.has("beam")) {
    throw_input("--beam searches for texts, and --temperature draws them: give one of the two");
  }
  decode.draw.temperature = given.number("temperature", 1, {.low = 0, .high = 100});
  decode.seed = given.seed("seed", 1);
  decode.n_best = given.integer("n-best", 1, 1, most_texts);
  decode.beam = given.integer("beam", std::max<std::int64_t>(5, decode.n_best), 1, most_texts);
  if (!decode.draws && decode.n_best > decode.beam) {
    throw_input("--n-best {} are more texts than --beam {} keeps: widen the beam", decode.n_best,
                decode.beam);
  }
  decode.length_penalty = given.number("length-penalty", 1, {.low = 0, .high = 100});
  saying.lengths.shortest = given.integer("min-length", 0, 0, most_symbols);
  saying.lengths.longest =
      given.integer("max-length", tasks::usual_lengths(columns).longest, 1, most_symbols);
  if (given.has("max-length") && saying.lengths.shortest > saying.lengths.longest) {
    throw_input("--min-length {} is more than --max-length {}", saying.lengths.shortest,
                saying.lengths.longest);
  }
  decode.end = said.vocabulary->end();
  const std::int32_t unknown = said.vocabulary->unknown();
  if (unknown >= 0 && !copies) decode.never = {unknown};
  decode.attention = given.has("attention-output") || (unknown >= 0 && copies);
  return saying;
}

SaidText said_text(const std::vector<std::vector<Hypothesis>>& hypotheses,
                   const std::vector<std::vector<std::string>>& read, const Column& said, bool json,
                   bool attention) {
  SaidText result;
  for (std::size_t i = 0; i < hypotheses.size(); ++i) {
    const std::vector<std::string>& source = read[i];
    const std::vector<Hypothesis>& texts = hypotheses[i];
    if (!std::isfinite(texts.front().log_probability)) {
      throw_run("the model says what is no number of '{}': its weights are of no use for it",
                fmt::join(source, said.kind == ColumnKind::character ? "" : " "));
    }
    if (json) {
      Json answers = Json::array();
      for (const Hypothesis& text : texts) {
        answers.push_back({{"answer", text_of(text, source, said)},
                           {"score", text.score},
                           {"log_probability", text.log_probability}});
      }
      Json line = answers.front();
      if (texts.size() > 1) line["answers"] = answers;
      result.answers += line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
    } else {
      std::string line;
      for (const Hypothesis& text : texts) {
        line += fmt::format("{}{}\t{:.6f}", line.empty() ? "" : "\t",
                            in_one_line(text_of(text, source, said)), text.score);
      }
      result.answers += line + '\n';
    }
    if (attention) {
      result.attention +=
          attention_line({source, names_of(texts.front(), source, said), texts.front().attention});
    }
  }
  return result;
}

}  // namespace rondo::apps
