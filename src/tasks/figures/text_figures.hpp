// Figures of texts that are said: how far they are from those that were given.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "rondo/data/columns.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::tasks {

// The text that a column's symbols mean, up to the one that ends it.
std::string text_of(const Column& said, std::span<const std::int32_t> symbols);

// `cer` and `wer`, edits a character and a word (what stands between white space) of those given;
// `exact_match`, the share of texts that are right as a whole; `bleu` and `chrf` (text_scores.hpp).
// The first one, which decides what is best, is `cer` where symbols are characters, `wer` where
// they are words, and `bleu` of subwords. Texts are UTF-8, as many said as given.
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
