#include "tasks/figures/text_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "data/vocabularies/symbol_vocabulary.hpp"
#include "tasks/figures/edit_distance.hpp"
#include "tasks/figures/text_scores.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string_view> symbols_of(ColumnKind kind, std::string_view text) {
  std::vector<std::string_view> symbols;
  for_each_symbol(kind, text, [&](std::string_view symbol) { symbols.push_back(symbol); });
  return symbols;
}

void add_edits(ColumnKind kind, std::string_view given, std::string_view said, EditCounts& counts) {
  const auto right = symbols_of(kind, given), wrong = symbols_of(kind, said);
  counts.add(std::span<const std::string_view>(right), std::span<const std::string_view>(wrong));
}

}  // namespace

std::string text_of(const Column& said, std::span<const std::int32_t> symbols) {
  const auto end = std::ranges::find(symbols, said.vocabulary->end());
  std::string text =
      said.vocabulary->decode(symbols.first(static_cast<std::size_t>(end - symbols.begin())));
  // A blank stands before the first word, too.
  if (said.kind == ColumnKind::subword && text.starts_with(' ')) text.erase(0, 1);
  return text;
}

std::vector<Figure> text_figures(const std::vector<std::string>& given,
                                 const std::vector<std::string>& said, ColumnKind kind) {
  EditCounts characters, words;
  BleuCounts bleu;
  ChrfCounts chrf;
  std::int64_t exact = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    add_edits(ColumnKind::character, given[i], said[i], characters);
    add_edits(ColumnKind::word, given[i], said[i], words);
    bleu.add(given[i], said[i]);
    chrf.add(given[i], said[i]);
    exact += given[i] == said[i] ? 1 : 0;
  }
  const double match =
      given.empty() ? 0 : static_cast<double>(exact) / static_cast<double>(given.size());
  std::vector<Figure> figures{{"cer", characters.rate()},
                              {"wer", words.rate()},
                              {"exact_match", match},
                              {"bleu", bleu.score(), false},
                              {"chrf", chrf.score(), false}};
  const std::string_view first = kind == ColumnKind::character ? "cer"
                                 : kind == ColumnKind::subword ? "bleu"
                                                               : "wer";
  const auto found = std::ranges::find(figures, first, &Figure::name);
  std::rotate(figures.begin(), found, found + 1);
  return figures;
}

double score_of(const Figure& first) {
  return first.name == "bleu" ? 100 - first.value : first.value;
}

std::string texts_text(const std::string& what, const Evaluation& evaluation,
                       const std::string& split) {
  std::string text = fmt::format("{} on {}:", what, split);
  if (evaluation.loss > 0) {
    text += fmt::format(" loss {:.4f} nats a symbol, perplexity {:.4f},", evaluation.loss,
                        std::exp(evaluation.loss));
  }
  for (const Figure& figure : evaluation.figures) {
    text += figure.is_share ? fmt::format(" {} {:.2f} %,", figure.name, 100 * figure.value)
                            : fmt::format(" {} {:.2f},", figure.name, figure.value);
  }
  return text + fmt::format(" {} targets\n", evaluation.targets);
}

Json texts_json(const std::string& what, const Evaluation& evaluation, const std::string& split) {
  Json metrics = Json::object();
  for (const Figure& figure : evaluation.figures) metrics[figure.name] = figure.value;
  Json json = {{"model", what}, {"split", split}};
  if (evaluation.loss > 0) {
    json["loss"] = evaluation.loss;
    json["perplexity"] = std::exp(evaluation.loss);
  }
  json["targets"] = evaluation.targets;
  if (!metrics.empty()) json["metrics"] = metrics;
  return json;
}

}  // namespace rondo::tasks
