// How texts that are said differ from those that were given: how many characters are put in, left
// out and exchanged, which ones most often, and in which lines.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "rondo/tasks/evaluation.hpp"

namespace rondo::tasks {

// Of texts in UTF-8, as many said as given; `numbers`: of their sequences. The edits of a text are
// the fewest; among ways with as few, looked at from the end, characters are rather kept or
// exchanged than left out, and rather left out than put in. Confusions are ordered by how often,
// then by what was given, then by what was said, bytewise; the worst lines, ten at most and no
// right one, by edits, then by number.
TextEdits count_edits(const std::vector<std::string>& given, const std::vector<std::string>& said,
                      const std::vector<std::int64_t>& numbers);

// Tables for people: the counts, the twenty most frequent confusions, the worst lines.
std::string edits_text(const TextEdits& edits);
nlohmann::ordered_json edits_json(const TextEdits& edits);

}  // namespace rondo::tasks
