// CoNLL-U (universaldependencies.org/format.html): ten cells a word, with tabs between them; lines
// that begin with # are comments. Ranges of several words ("1-2") and empty nodes ("1.1") are left
// out: the words of a range follow it. An underscore for a word's class or head is a missing value;
// elsewhere it stands for nothing ("no features"), or for itself.
#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/token_reader.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

struct Field {
  const char* name;
  bool may_lack;  // an underscore is a missing value
};

// Behind the number of the word, which nobody asks for.
constexpr std::array fields{
    Field{"form", false},  Field{"lemma", false}, Field{"upos", true},
    Field{"xpos", true},   Field{"feats", false}, Field{"head", true},
    Field{"deprel", true}, Field{"deps", false},  Field{"misc", false},
};

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size() && number >= 0;
  return is_whole ? std::optional(number) : std::nullopt;
}

class ConlluReader final : public TokenReader {
 public:
  explicit ConlluReader(const TableInput& input) : TokenReader(input) {
    std::vector<std::string> names;
    for (const Field& field : fields) names.emplace_back(field.name);
    set_columns(names);
  }

  std::vector<std::string> usual_sources() const override { return {"form"}; }

 protected:
  bool split(std::string_view line, bool first, std::vector<std::string_view>& cells) override {
    if (line.starts_with('#')) return false;
    if (first) words_ = 0;
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find('\t', begin), line.size());
      cells.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    if (cells.size() != fields.size() + 1) {
      throw_input("{} has {} cells, and a word of CoNLL-U has ten, with tabs between them", place(),
                  cells.size());
    }
    const std::string_view id = cells.front();
    cells.erase(cells.begin());
    if (!is_next_word(id)) return false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].empty()) {
        throw_input("{}, column '{}': the cell is empty: CoNLL-U writes _ for nothing", place(),
                    fields[i].name);
      }
      if (fields[i].may_lack && cells[i] == "_") cells[i] = {};
    }
    return true;
  }

 private:
  // False for a range and an empty node.
  bool is_next_word(std::string_view id) {
    const std::size_t cut = id.find_first_of("-.");
    const auto number = whole_number(id.substr(0, cut));
    const auto second = cut < id.size() ? whole_number(id.substr(cut + 1)) : std::nullopt;
    if (!number || (cut < id.size() && !second)) {
      throw_input(
          "{}, column 'id': {} is neither the number of a word nor a range (1-2) nor an empty node "
          "(1.1)",
          place(), rondo::quoted(id));
    }
    const bool is_node = cut < id.size() && id[cut] == '.';
    const std::int64_t due = is_node ? words_ : words_ + 1;
    if (*number != due || (second && !is_node && *second < *number)) {
      throw_input(
          "{}, column 'id': {} stands where {}{} is due: words are numbered from 1 on, and an "
          "empty "
          "line ends a sentence",
          place(), id, due, is_node ? ".1" : "");
    }
    if (second) return false;
    ++words_;
    return true;
  }

  std::int64_t words_ = 0;  // of the sentence
};

}  // namespace

std::unique_ptr<RecordReader> open_conllu(const TableInput& input) {
  return std::make_unique<ConlluReader>(input);
}

}  // namespace rondo
