// Subwords are tokens: pieces learned from the train split, by SentencePiece; any text can be
// written in them.
#pragma once

#include "data/levels/text_level.hpp"

namespace rondo {

std::unique_ptr<TextLevel> make_subword_level(const PrepareOptions& options,
                                              const TextSurvey& characters);

}  // namespace rondo
