// Where a text that a model makes up begins.
#pragma once

#include <cstdint>
#include <vector>

#include "rondo/data/vocabulary.hpp"

namespace rondo::apps {

// What the model reads where nothing is to go on from: no model predicts a document's first token,
// but all have read what follows the end of a line, or where a text has none, a space. A text
// without either begins with its most frequent character.
std::vector<std::int32_t> start_of_text(const Vocabulary& vocabulary);

}  // namespace rondo::apps
