// What `rondo predict` and `rondo eval` may know of the texts that steps spell: a language model, a
// list of words.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "apps/options/options.hpp"
#include "rondo/comm/communicator.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/data/columns.hpp"
#include "tasks/decoding/language/fusion.hpp"

namespace rondo::apps {

// Texts that are kept where nobody says how many.
inline constexpr std::int64_t usual_fused_beam = 20;

// --language-model, --language-weight, --length-bonus, --word-list.
std::vector<Option> fusion_options();
// Whether one of them was given that asks for more than the steps.
bool is_fused(const GivenOptions& given);

// What was asked for; null: nothing. Rank 0 reads the files. Texts are of the column `said`; `pool`
// outlives it. InputError for files that are not what they should be, and options that do nothing.
// Collective.
std::unique_ptr<tasks::Fusion> open_fusion(const GivenOptions& given, const Column& said,
                                           Communicator& world, ThreadPool& pool);

// That so many texts have words which the list lacks; empty: none has.
std::string outside_list_text(std::int64_t texts);

}  // namespace rondo::apps
