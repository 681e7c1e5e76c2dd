#include "data/vocabularies/symbol_vocabulary.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <utility>

#include "data/text/utf8.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr const char* names_name = "vocabulary/names";
constexpr const char* ends_name = "vocabulary/ends";

constexpr std::string_view label_separators = ";|";

std::string_view without_spaces(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  const std::size_t begin = std::min(text.find_first_not_of(spaces), text.size());
  return text.substr(begin, text.find_last_not_of(spaces) + 1 - begin);
}

const char* what_are(ColumnKind kind) {
  return kind == ColumnKind::category ? "classes"
         : kind == ColumnKind::labels ? "labels"
                                      : "symbols";
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Characters stand side by side, other symbols are kept apart by a space.
class SymbolPrinter final : public Vocabulary::Printer {
 public:
  SymbolPrinter(const SymbolVocabulary& vocabulary, bool apart)
      : vocabulary_(vocabulary), apart_(apart) {}

  std::string print(std::int32_t token) override {
    if (token < 0 || token >= vocabulary_.size()) {
      throw_run("symbol {} is outside the vocabulary of {}", token, vocabulary_.size());
    }
    return (apart_ && std::exchange(begun_, true) ? " " : "") + vocabulary_.name(token);
  }

 private:
  const SymbolVocabulary& vocabulary_;
  bool apart_, begun_ = false;
};

}  // namespace

void for_each_symbol(ColumnKind kind, std::string_view text,
                     const std::function<void(std::string_view)>& use) {
  const std::size_t valid = utf8::valid_prefix(text);
  if (valid < text.size()) throw_input("the text is not valid UTF-8 at byte offset {}", valid);
  switch (kind) {
    case ColumnKind::character:
      for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
        end = begin + 1;
        while (end < text.size() && utf8::is_continuation(text[end])) ++end;
        use(text.substr(begin, end - begin));
      }
      return;
    case ColumnKind::word:
      for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
        while (begin < text.size() && is_space(text[begin])) ++begin;
        end = begin;
        while (end < text.size() && !is_space(text[end])) ++end;
        if (end > begin) use(text.substr(begin, end - begin));
      }
      return;
    case ColumnKind::category:
      use(text);
      return;
    case ColumnKind::labels:
      for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find_first_of(label_separators, begin), text.size());
        const std::string_view label = without_spaces(text.substr(begin, end - begin));
        if (!label.empty()) use(label);
        begin = end + 1;
      }
      return;
    case ColumnKind::real:
      throw_run("a column of numbers has no symbols");
    case ColumnKind::subword:
      throw_run("subwords are their model's to cut");
  }
}

SymbolVocabulary::SymbolVocabulary(ColumnKind kind, std::vector<std::string> names)
    : kind_(kind),
      traits_{.name = name_of(kind),
              .tokens = what_are(kind),
              .are_characters = kind == ColumnKind::character,
              .leave_out_unknown = true},
      names_(std::move(names)),
      by_name_(names_.size()) {
  if (names_.empty() || names_.size() > std::size_t{std::numeric_limits<std::int32_t>::max()}) {
    throw_input("a column cannot have {} symbols", names_.size());
  }
  std::iota(by_name_.begin(), by_name_.end(), 0);
  std::sort(by_name_.begin(), by_name_.end(), [this](std::int32_t a, std::int32_t b) {
    return name(a) != name(b) ? name(a) < name(b) : a < b;
  });
  for (std::size_t i = 0; i < by_name_.size(); ++i) {
    const std::string& own = name(by_name_[i]);
    if (own.empty() || utf8::valid_prefix(own) != own.size()) {
      throw_input("symbol {} has a name that is empty or not UTF-8", by_name_[i]);
    }
    if (i > 0 && own == name(by_name_[i - 1])) throw_input("the symbol \"{}\" is there twice", own);
  }
  unknown_ = find(unknown_name);
  end_ = find(end_name);
}

std::int32_t SymbolVocabulary::find(std::string_view name) const {
  const auto found = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                                      [this](std::int32_t symbol, std::string_view wanted) {
                                        return std::string_view(this->name(symbol)) < wanted;
                                      });
  return found != by_name_.end() && this->name(*found) == name ? *found : -1;
}

std::vector<std::int32_t> SymbolVocabulary::encode(std::string_view text) const {
  std::vector<std::int32_t> symbols;
  for_each_symbol(kind_, text, [&](std::string_view symbol) {
    const std::int32_t known = find(symbol);
    if (known < 0 && unknown_ < 0) {
      throw_input("\"{}\" is none of the {} known {}", symbol, size(), what_are(kind_));
    }
    symbols.push_back(known < 0 ? unknown_ : known);
  });
  return symbols;
}

std::vector<std::string> SymbolVocabulary::unknown_in(std::string_view text) const {
  std::vector<std::string> unknown;
  for_each_symbol(kind_, text, [&](std::string_view symbol) {
    if (find(symbol) >= 0 || std::ranges::find(unknown, symbol) != unknown.end()) return;
    unknown.emplace_back(symbol);
  });
  return unknown;
}

std::unique_ptr<Vocabulary::Printer> SymbolVocabulary::printer() const {
  return std::make_unique<SymbolPrinter>(*this, kind_ != ColumnKind::character);
}

void SymbolVocabulary::save(NamedState& state) const {
  std::vector<std::uint8_t> bytes;
  std::vector<std::int64_t> ends;
  for (const std::string& name : names_) {
    bytes.insert(bytes.end(), name.begin(), name.end());
    ends.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  state.put<std::uint8_t>(names_name, bytes, {bytes.size()}).attributes["meaning"] =
      "the symbols' names in UTF-8, one after another";
  state.put<std::int64_t>(ends_name, ends, {ends.size()}).attributes["meaning"] =
      "where each name ends";
}

SymbolVocabulary SymbolVocabulary::load(ColumnKind kind, const NamedState& state) {
  const std::array<std::uint64_t, 1> bytes_shape{state.get(names_name).elements()};
  const std::array<std::uint64_t, 1> ends_shape{state.get(ends_name).elements()};
  const auto bytes = state.get<std::uint8_t>(names_name, bytes_shape);
  std::vector<std::string> names;
  std::int64_t begin = 0;
  for (const std::int64_t end : state.get<std::int64_t>(ends_name, ends_shape)) {
    if (end < begin || end > static_cast<std::int64_t>(bytes.size())) {
      throw_input("the names of symbols end at {}, behind {}", end, begin);
    }
    names.emplace_back(bytes.begin() + begin, bytes.begin() + end);
    begin = end;
  }
  return {kind, std::move(names)};
}

}  // namespace rondo
