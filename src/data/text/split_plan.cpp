#include "data/text/split_plan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr std::size_t enough_documents = 20;

std::int64_t total(const std::vector<std::int64_t>& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

std::int64_t share_of(std::int64_t count, double share) {
  return std::llround(static_cast<double>(count) * share);
}

// Where validation and test begin in the inputs.
using Cuts = std::array<std::int64_t, 2>;

Cuts cut_at_documents(const std::vector<std::int64_t>& lengths, double validation, double test) {
  const auto take = [&](double share) {
    if (share == 0.0) return std::int64_t{0};
    return std::max<std::int64_t>(share_of(static_cast<std::int64_t>(lengths.size()), share), 1);
  };
  const std::int64_t from_test = static_cast<std::int64_t>(lengths.size()) - take(test);
  const std::int64_t from_validation = std::max<std::int64_t>(from_test - take(validation), 0);
  const auto position = [&](std::int64_t document) {
    return std::accumulate(lengths.begin(), lengths.begin() + document, std::int64_t{0});
  };
  return {position(from_validation), position(from_test)};
}

// Behind what a text is cut, the best first: lines; lines as old Macintosh computers ended them;
// words.
constexpr std::array<std::string_view, 3> ends_of_text{"\n", "\r", " \t\n\r\v\f"};

// Below enough_documents: at the first line's end at or behind each share's place, or where this
// leaves a split empty, since lines are long or the text is one, at the first end of what is
// shorter, down to a character.
Cuts cut_in_text(std::int64_t characters, double validation, double test,
                 const FindEnds& find_ends) {
  const std::int64_t from_test = characters - share_of(characters, test);
  const std::int64_t from_validation =
      std::max<std::int64_t>(from_test - share_of(characters, validation), 0);
  const auto of_splits = [&](Cuts cuts) {
    if (test == 0.0) cuts[1] = characters;
    if (validation == 0.0) cuts[0] = cuts[1];
    return cuts;
  };
  for (const std::string_view marks : ends_of_text) {
    const Cuts cuts = of_splits(find_ends(marks, {from_validation, from_test}));
    if (cuts[0] > 0 && (validation == 0.0 || cuts[0] < cuts[1]) &&
        (test == 0.0 || cuts[1] < characters)) {
      return cuts;
    }
  }
  return of_splits({from_validation, from_test});
}

std::vector<std::int64_t> document_offsets(const std::vector<std::int64_t>& ends,
                                           std::int64_t begin, std::int64_t end) {
  std::vector<std::int64_t> offsets{0};
  for (auto at = std::upper_bound(ends.begin(), ends.end(), begin); at != ends.end() && *at < end;
       ++at) {
    offsets.push_back(*at - begin);
  }
  offsets.push_back(end - begin);
  return offsets;
}

}  // namespace

std::vector<Part> plan_splits(const PrepareOptions& options, const GroupDocuments& groups,
                              const FindEnds& find_ends) {
  // A split with files of its own takes no share of the inputs.
  const bool own_validation = !options.validation_inputs.empty();
  const bool own_test = !options.test_inputs.empty();
  const double validation = own_validation ? 0.0 : options.validation;
  const double test = own_test ? 0.0 : options.test;
  if (!(validation >= 0.0 && test >= 0.0 && validation + test < 1.0)) {
    throw_input(
        "the shares of validation and test must be at least 0 and below 1 together, not {} and {}",
        validation, test);
  }

  const std::vector<std::int64_t>& lengths = groups[0];
  const std::int64_t characters = total(lengths);
  Cuts cuts{characters, characters};
  if (validation > 0.0 || test > 0.0) {
    cuts = lengths.size() >= enough_documents
               ? cut_at_documents(lengths, validation, test)
               : cut_in_text(characters, validation, test, find_ends);
  }

  std::vector<std::int64_t> ends;  // of all documents, by position
  std::int64_t end = 0;
  for (const auto& group : groups) {
    for (const std::int64_t length : group) ends.push_back(end += length);
  }
  std::vector<Part> parts;
  const auto add = [&](std::string_view split, std::int64_t from, std::int64_t to,
                       const char* advice) {
    if (from >= to) throw_input("the split '{}' would be empty: {}", split, advice);
    parts.push_back({std::string(split), from, to, document_offsets(ends, from, to)});
  };
  const char* const cut_advice =
      "give more text, other shares, or input files of its own (share 0: no such split)";
  add(split_names[0], 0, cuts[0], "give more text or smaller shares for validation and test");
  if (validation > 0.0) add(split_names[1], cuts[0], cuts[1], cut_advice);
  if (test > 0.0) add(split_names[2], cuts[1], characters, cut_advice);
  const std::int64_t validation_end = characters + total(groups[1]);
  const char* const file_advice = "its input files hold no text";
  if (own_validation) add(split_names[1], characters, validation_end, file_advice);
  if (own_test) add(split_names[2], validation_end, end, file_advice);
  return parts;
}

}  // namespace rondo
