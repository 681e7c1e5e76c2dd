#include "tasks/figures/text_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "data/vocabularies/symbol_vocabulary.hpp"

namespace rondo::tasks {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string_view> symbols_of(ColumnKind kind, std::string_view text) {
  std::vector<std::string_view> symbols;
  for_each_symbol(kind, text, [&](std::string_view symbol) { symbols.push_back(symbol); });
  return symbols;
}

EditCounts edits_of(ColumnKind kind, std::string_view given, std::string_view said) {
  const auto right = symbols_of(kind, given), wrong = symbols_of(kind, said);
  EditCounts counts;
  counts.add(std::span<const std::string_view>(right), std::span<const std::string_view>(wrong));
  return counts;
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

TextCounts::TextCounts(const std::string& given, const std::string& said)
    : characters_(edits_of(ColumnKind::character, given, said)),
      words_(edits_of(ColumnKind::word, given, said)),
      texts_(1),
      exact_(given == said ? 1 : 0) {
  bleu_.add(given, said);
  chrf_.add(given, said);
}

TextCounts& TextCounts::operator+=(const TextCounts& other) {
  characters_ += other.characters_;
  words_ += other.words_;
  bleu_ += other.bleu_;
  chrf_ += other.chrf_;
  texts_ += other.texts_;
  exact_ += other.exact_;
  return *this;
}

std::vector<Figure> TextCounts::figures(ColumnKind kind) const {
  const double match = texts_ == 0 ? 0 : static_cast<double>(exact_) / static_cast<double>(texts_);
  std::vector<Figure> figures{{"cer", characters_.rate()},
                              {"wer", words_.rate()},
                              {"exact_match", match},
                              {"bleu", bleu_.score(), false},
                              {"chrf", chrf_.score(), false}};
  const std::string_view first = kind == ColumnKind::character ? "cer"
                                 : kind == ColumnKind::subword ? "bleu"
                                                               : "wer";
  const auto found = std::ranges::find(figures, first, &Figure::name);
  std::rotate(figures.begin(), found, found + 1);
  return figures;
}

std::vector<Figure> text_figures(const std::vector<std::string>& given,
                                 const std::vector<std::string>& said, ColumnKind kind) {
  TextCounts all;
  for (std::size_t i = 0; i < given.size(); ++i) all += TextCounts(given[i], said[i]);
  return all.figures(kind);
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
