// Figures of texts that are said: how far they are from those that were given.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"
#include "tasks/figures/edit_distance.hpp"
#include "tasks/figures/text_scores.hpp"

namespace rondo::tasks {

// The text that a column's symbols mean, up to the one that ends it.
std::string text_of(const Column& said, std::span<const std::int32_t> symbols);

// What the figures of texts are made of: counts that add up, of one text or of many.
class TextCounts {
 public:
  TextCounts() = default;
  // UTF-8.
  TextCounts(const std::string& given, const std::string& said);
  TextCounts& operator+=(const TextCounts& other);

  // `cer` and `wer`, edits a character and a word (what stands between white space) of those given;
  // `exact_match`, the share of texts that are right as a whole; `bleu` and `chrf`
  // (text_scores.hpp). The first one, which decides what is best, is `cer` where symbols are
  // characters, `wer` where they are words, and `bleu` of subwords.
  std::vector<Figure> figures(ColumnKind kind) const;

 private:
  EditCounts characters_, words_;
  BleuCounts bleu_;
  ChrfCounts chrf_;
  std::int64_t texts_ = 0, exact_ = 0;
};

// Those of as many texts said as given.
std::vector<Figure> text_figures(const std::vector<std::string>& given,
                                 const std::vector<std::string>& said, ColumnKind kind);
// Less is better.
double score_of(const Figure& first);

// Of an evaluation by loss, figures, or both.
std::string texts_text(const std::string& what, const Evaluation& evaluation,
                       const std::string& split);
nlohmann::ordered_json texts_json(const std::string& what, const Evaluation& evaluation,
                                  const std::string& split);

}  // namespace rondo::tasks
