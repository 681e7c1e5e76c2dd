#include "data/levels/character_level.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "data/text/part_writer.hpp"
#include "data/text/utf8.hpp"
#include "data/vocabularies/character_vocabulary.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// All code points that occurred, by count descending, then code point ascending.
CharacterVocabulary vocabulary_of(const TextSurvey& survey) {
  std::vector<std::int32_t> code_points;
  for (std::int32_t code_point = 0; code_point < utf8::code_point_limit; ++code_point) {
    if (survey.occurrences(code_point) > 0) code_points.push_back(code_point);
  }
  std::sort(code_points.begin(), code_points.end(), [&](std::int32_t a, std::int32_t b) {
    if (survey.occurrences(a) != survey.occurrences(b)) {
      return survey.occurrences(a) > survey.occurrences(b);
    }
    return a < b;
  });
  return CharacterVocabulary(std::move(code_points));
}

// InputError that names the most frequent characters that the vocabulary lacks, if there are any.
void check_known(const TextSurvey& survey, const CharacterVocabulary& vocabulary,
                 const std::filesystem::path& from) {
  constexpr int most_named = 5;
  std::string named;
  int lacking = 0;
  const CharacterVocabulary of_text = vocabulary_of(survey);
  for (const std::int32_t code_point : of_text.code_points()) {
    if (vocabulary.token(code_point) >= 0) continue;
    if (++lacking > most_named) continue;
    named += fmt::format("{}{} {} times", lacking > 1 ? ", " : "", utf8::describe(code_point),
                         survey.occurrences(code_point));
  }
  if (lacking == 0) return;
  if (lacking > most_named) named += fmt::format(" and {} more", lacking - most_named);
  throw_input("the text has characters that the vocabulary of {} lacks: {}", from.string(), named);
}

template <class Token>
class CharacterSink final : public PartSink {
 public:
  CharacterSink(const CharacterVocabulary& vocabulary, DatasetWriter& writer)
      : table_(utf8::code_point_limit, -1), out_(writer, TextReader::buffer_bytes) {
    for (int token = 0; token < vocabulary.size(); ++token) {
      table_[static_cast<std::size_t>(vocabulary.code_point(token))] = token;
    }
  }

  std::int64_t write(std::string_view text) override {
    Token* const tokens = out_.room();  // a code point has at least one byte
    const std::int32_t* const table = table_.data();
    std::size_t count = 0;
    std::int32_t unknown = 0;  // negative as soon as a token is
    utf8::for_each_byte(text, [&](std::int32_t code_point, std::int32_t whole) {
      const std::int32_t token = table[code_point];
      unknown |= token & -whole;
      tokens[count] = static_cast<Token>(token);
      count += static_cast<std::size_t>(whole);
    });
    if (unknown < 0) fail_changed_text();
    out_.added(count);
    return static_cast<std::int64_t>(count);
  }
  void end_document() override {}
  void end_part() override { out_.end_part(); }

 private:
  std::vector<std::int32_t> table_;  // token of a code point, -1 where there is none
  PartWriter<Token> out_;
};

class CharacterLevel final : public TextLevel {
 public:
  CharacterLevel(const TextSurvey& characters, std::shared_ptr<const CharacterVocabulary> given,
                 std::filesystem::path given_from)
      : characters_(characters),
        vocabulary_(std::move(given)),
        given_from_(std::move(given_from)) {}

  std::vector<Part> survey(const TextInput&, const std::vector<Part>& parts) override {
    if (vocabulary_)
      check_known(characters_, *vocabulary_, given_from_);
    else
      vocabulary_ = std::make_shared<CharacterVocabulary>(vocabulary_of(characters_));
    return parts;
  }
  const Vocabulary& vocabulary() const override { return *vocabulary_; }
  std::vector<std::int64_t> counts() const override {
    std::vector<std::int64_t> counts;
    for (const std::int32_t code_point : vocabulary_->code_points()) {
      counts.push_back(characters_.occurrences(code_point));
    }
    return counts;
  }
  const char* counted_in() const override { return "all splits"; }
  std::int64_t unknown(std::size_t) const override { return 0; }

  void write(const TextInput& input, const std::vector<Part>& parts, ElementType type,
             DatasetWriter& writer) const override {
    with_token_type(type, [&]<class Token>() {
      CharacterSink<Token> sink(*vocabulary_, writer);
      walk_parts(input, parts, sink);
    });
  }

 private:
  const TextSurvey& characters_;
  std::shared_ptr<const CharacterVocabulary> vocabulary_;
  std::filesystem::path given_from_;  // where the vocabulary is from, if it was given
};

}  // namespace

std::unique_ptr<TextLevel> make_character_level(const PrepareOptions& options,
                                                const TextSurvey& characters) {
  return std::make_unique<CharacterLevel>(
      characters, std::dynamic_pointer_cast<const CharacterVocabulary>(options.vocabulary),
      options.vocabulary_from);
}

}  // namespace rondo
