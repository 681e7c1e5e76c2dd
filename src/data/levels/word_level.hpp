// Words are tokens: those of the train split that are frequent enough, <unk> for all others, <eos>
// behind each line.
#pragma once

#include "data/levels/text_level.hpp"

namespace rondo {

std::unique_ptr<TextLevel> make_word_level(const PrepareOptions& options,
                                           const TextSurvey& characters);

}  // namespace rondo
