#include "data/vocabularies/character_vocabulary.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr const char* code_points_name = "vocabulary/code_points";

// What people type instead, or editors put in its place.
constexpr std::array<std::pair<std::int32_t, std::int32_t>, 12> look_alikes{{{0x2018, '\''},
                                                                             {0x2019, '\''},
                                                                             {0x201C, '"'},
                                                                             {0x201D, '"'},
                                                                             {0x2010, '-'},
                                                                             {0x2013, '-'},
                                                                             {0x2014, '-'},
                                                                             {0x2026, '.'},
                                                                             {0x00A0, ' '},
                                                                             {'"', '\''},
                                                                             {'\t', ' '},
                                                                             {'\n', ' '}}};

// The known character to offer for an unknown one: a look-alike, the other case of an ASCII letter,
// else the one with the nearest number (the smaller of two).
std::int32_t nearest_known(const CharacterVocabulary& vocabulary, std::int32_t unknown) {
  for (const auto& [from, to] : look_alikes) {
    if (from == unknown && vocabulary.token(to) >= 0) return to;
  }
  const std::int32_t lower = unknown | 0x20;
  if (lower >= 'a' && lower <= 'z' && vocabulary.token(unknown ^ 0x20) >= 0) return unknown ^ 0x20;
  std::int32_t best = vocabulary.code_point(0);
  for (const std::int32_t candidate : vocabulary.code_points()) {
    const std::int32_t distance = std::abs(candidate - unknown);
    const std::int32_t best_distance = std::abs(best - unknown);
    if (distance < best_distance || (distance == best_distance && candidate < best)) {
      best = candidate;
    }
  }
  return best;
}

class CharacterPrinter final : public Vocabulary::Printer {
 public:
  explicit CharacterPrinter(const CharacterVocabulary& vocabulary) : vocabulary_(vocabulary) {}

  std::string print(std::int32_t token) override {
    if (token < 0 || token >= vocabulary_.size()) {
      throw_run("token {} is outside the vocabulary of {}", token, vocabulary_.size());
    }
    std::string text;
    utf8::append(text, vocabulary_.code_point(token));
    return text;
  }

 private:
  const CharacterVocabulary& vocabulary_;
};

}  // namespace

CharacterVocabulary::CharacterVocabulary(std::vector<std::int32_t> code_points)
    : code_points_(std::move(code_points)) {
  if (code_points_.empty()) throw_input("a vocabulary needs at least one character");
  by_code_point_.reserve(code_points_.size());
  for (std::size_t token = 0; token < code_points_.size(); ++token) {
    const std::int32_t code_point = code_points_[token];
    if (!utf8::is_scalar_value(code_point)) {
      throw_input("vocabulary: entry {} is {}, which is no Unicode character", token, code_point);
    }
    by_code_point_.emplace_back(code_point, static_cast<std::int32_t>(token));
  }
  std::sort(by_code_point_.begin(), by_code_point_.end());
  for (std::size_t i = 1; i < by_code_point_.size(); ++i) {
    if (by_code_point_[i].first == by_code_point_[i - 1].first) {
      throw_input("vocabulary: {} is there twice, as entries {} and {}",
                  utf8::describe(by_code_point_[i].first), by_code_point_[i - 1].second,
                  by_code_point_[i].second);
    }
  }
}

std::int32_t CharacterVocabulary::token(std::int32_t code_point) const {
  const auto found = std::lower_bound(by_code_point_.begin(), by_code_point_.end(),
                                      std::pair<std::int32_t, std::int32_t>{code_point, 0});
  const bool known = found != by_code_point_.end() && found->first == code_point;
  return known ? found->second : -1;
}

std::vector<std::int32_t> CharacterVocabulary::encode(std::string_view text) const {
  std::vector<std::int32_t> tokens;
  tokens.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded decoded = utf8::decode(text.substr(at));
    if (decoded.bytes == 0) throw_input("the text is not valid UTF-8 at byte offset {}", at);
    const std::int32_t token = this->token(decoded.code_point);
    if (token < 0) {
      throw_input(
          "character {} at byte offset {} is not in the vocabulary of {}; the nearest is {}",
          utf8::describe(decoded.code_point), at, size(),
          utf8::describe(nearest_known(*this, decoded.code_point)));
    }
    tokens.push_back(token);
    at += static_cast<std::size_t>(decoded.bytes);
  }
  return tokens;
}

std::unique_ptr<Vocabulary::Printer> CharacterVocabulary::printer() const {
  return std::make_unique<CharacterPrinter>(*this);
}

void CharacterVocabulary::save(NamedState& state) const {
  state.put<std::int32_t>(code_points_name, code_points_, {code_points_.size()})
      .attributes["meaning"] = "Unicode code point of each token";
}

CharacterVocabulary CharacterVocabulary::load(const NamedState& state) {
  const NamedArray& array = state.get(code_points_name);
  const std::array<std::uint64_t, 1> shape{array.elements()};
  const auto code_points = state.get<std::int32_t>(code_points_name, shape);
  return CharacterVocabulary({code_points.begin(), code_points.end()});
}

}  // namespace rondo
