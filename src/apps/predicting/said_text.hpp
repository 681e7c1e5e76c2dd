// What `rondo predict` writes of sequences that are said: texts, TSV or JSON, and what was looked
// at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/options/options.hpp"
#include "rondo/data/columns.hpp"
#include "tasks/decoding/decode_sequences.hpp"
#include "tasks/decoding/judge.hpp"

namespace rondo::apps {

// --beam, --n-best, --length-penalty, --min-length, --max-length, --temperature, --seed; and
// --attention-output.
std::vector<Option> saying_options();
// Those of `rondo eval`.
std::vector<Option> judged_saying_options();

struct Saying {
  tasks::TextLengths lengths;
  DecodeOptions decode;
};
// InputError for what does not go together. `copies`: whether unknown symbols may be copied from
// what was read (said_text).
Saying saying_of(const GivenOptions& given, const Columns& columns, bool copies);
// The same of `rondo eval`, whose beam of 0 asks for no texts. InputError where --max-length is
// less than what was given of the split `name` has.
tasks::Judged judged_of(const GivenOptions& given, const Columns& columns,
                        const SequenceSource& sequences, const std::string& name);
// InputError that names one of the options above which was given, for models that say no texts.
void refuse_saying(const GivenOptions& given, const std::string& task);

struct SaidText {
  std::string answers, attention;  // a line for each sequence
  std::int64_t outside_list = 0;   // sequences whose texts leave a word list
};

// Of each sequence the texts of `hypotheses`, the best first: the text and its score, likewise of
// further ones on the same line; as JSON an object. `read`: the symbols of each sequence's source,
// none where there are no names. An unknown symbol is the one that was looked at most.
SaidText said_text(const std::vector<std::vector<Hypothesis>>& hypotheses,
                   const std::vector<std::vector<std::string>>& read, const Column& said, bool json,
                   bool attention);

}  // namespace rondo::apps
