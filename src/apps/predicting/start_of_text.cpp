#include "apps/predicting/start_of_text.hpp"

#include "rondo/core/errors.hpp"

namespace rondo::apps {

std::vector<std::int32_t> start_of_text(const Vocabulary& vocabulary) {
  for (const char* before : {"\n", " "}) {
    try {
      std::vector<std::int32_t> tokens = vocabulary.encode(before);
      if (!tokens.empty()) return tokens;
    } catch (const InputError&) {  // no such character
    }
  }
  return {0};
}

}  // namespace rondo::apps
