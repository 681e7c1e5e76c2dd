// Every character of all splits is a token of its own: nothing is unknown.
#pragma once

#include "data/levels/text_level.hpp"

namespace rondo {

std::unique_ptr<TextLevel> make_character_level(const PrepareOptions& options,
                                                const TextSurvey& characters);

}  // namespace rondo
