// Tables of tokens as the shared tasks of CoNLL have them: cells with blanks between them, as many
// in each line. Their names are given, or are c1, c2, ... Lines of "-DOCSTART-" are left out.
#include <memory>
#include <set>

#include "data/tables/importers/formats.hpp"
#include "data/tables/importers/token_reader.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

class ConllReader final : public TokenReader {
 public:
  explicit ConllReader(const TableInput& input) : TokenReader(input) {
    if (input.columns.empty()) {
      read_sentence();  // whose first line tells how many columns there are
    } else {
      name_columns(input.columns);
    }
  }

 protected:
  bool split(std::string_view line, bool, std::vector<std::string_view>& cells) override {
    for (auto word = next_word(line); !word.empty(); word = next_word(line)) cells.push_back(word);
    if (cells.front() == "-DOCSTART-") return false;
    if (columns().empty()) number_columns(cells.size());
    if (cells.size() + 1 != columns().size()) {
      throw_input("{} has {} cells, and there are {} columns", place(), cells.size(),
                  columns().size() - 1);
    }
    return true;
  }

 private:
  void number_columns(std::size_t count) {
    std::vector<std::string> names;
    for (std::size_t i = 1; i <= count; ++i) names.push_back(fmt::format("c{}", i));
    set_columns(names);
  }

  void name_columns(const std::vector<std::string>& names) {
    std::set<std::string> seen{sentence_column};
    for (const std::string& name : names) {
      if (name == sentence_column) {
        throw_input(
            "--columns: '{}' is the column of the sentences' numbers, which is there already",
            name);
      }
      if (!InputBytes::is_text(name)) throw_input("--columns: a name is not valid UTF-8");
      if (!name.empty() && !seen.insert(name).second) {
        throw_input("--columns names the column '{}' twice", name);
      }
    }
    if (seen.size() == 1) throw_input("--columns names no columns");
    set_columns(names);
  }
};

}  // namespace

std::unique_ptr<RecordReader> open_conll(const TableInput& input) {
  return std::make_unique<ConllReader>(input);
}

}  // namespace rondo
