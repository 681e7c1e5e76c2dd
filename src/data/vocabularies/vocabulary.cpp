#include "rondo/data/vocabulary.hpp"

#include "data/vocabularies/character_vocabulary.hpp"
#include "data/vocabularies/subword_vocabulary.hpp"
#include "data/vocabularies/word_vocabulary.hpp"

namespace rondo {

std::string Vocabulary::decode(std::span<const std::int32_t> tokens) const {
  const std::unique_ptr<Printer> out = printer();
  std::string text;
  for (const std::int32_t token : tokens) text += out->print(token);
  return text;
}

std::shared_ptr<const Vocabulary> load_vocabulary(const NamedState& state) {
  if (WordVocabulary::is_in(state)) {
    return std::make_shared<WordVocabulary>(WordVocabulary::load(state));
  }
  if (SubwordVocabulary::is_in(state)) {
    return std::make_shared<SubwordVocabulary>(SubwordVocabulary::load(state));
  }
  return std::make_shared<CharacterVocabulary>(CharacterVocabulary::load(state));
}

bool same_vocabulary(const Vocabulary& a, const Vocabulary& b) {
  NamedState state_a, state_b;
  a.save(state_a);
  b.save(state_b);
  return digest(state_a, "") == digest(state_b, "");
}

}  // namespace rondo
