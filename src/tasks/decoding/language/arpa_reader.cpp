#include "tasks/decoding/language/arpa_reader.hpp"

#include <algorithm>
#include <limits>

#include "rondo/core/parse.hpp"

namespace rondo::tasks {
namespace {

constexpr std::size_t longest_ngram = 16;

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  while (!line.empty() && blanks.find(line.back()) != std::string_view::npos) line.remove_suffix(1);
  return line;
}

}  // namespace

bool ArpaReader::next() {
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    line_ = trimmed(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (!line_.empty()) return true;
  }
  line_ = {};
  return false;
}

void ArpaReader::read_counts() {
  constexpr std::string_view announced = "ngram ";
  while (next() && line_.starts_with(announced)) {
    const std::size_t equals = std::min(line_.find('='), line_.size() - 1);
    const std::string length(trimmed(line_.substr(announced.size(), equals - announced.size())));
    if (length != std::to_string(counts_.size() + 1)) {
      refuse("here the {}-grams are to be counted, not {}", counts_.size() + 1, quoted(line_));
    }
    counts_.push_back(parse_integer(fmt::format("{}, line {}: a count", where_, number_),
                                    std::string(trimmed(line_.substr(equals + 1))),
                                    counts_.empty() ? 1 : 0,
                                    std::numeric_limits<std::int32_t>::max()));
  }
  if (counts_.empty() || counts_.size() > longest_ngram) {
    refuse("behind \\data\\ n-grams of 1 to {} words are counted, as \"ngram 1=20\"",
           longest_ngram);
  }
}

double ArpaReader::number(std::string_view text) const {
  return parse_number(fmt::format("{}, line {}: a logarithm", where_, number_), std::string(text),
                      {});
}

void ArpaReader::read_ngram(std::size_t length, Line& to) const {
  std::string_view rest = line_;
  to.words.clear();
  for (std::string_view part = next_word(rest); !part.empty(); part = next_word(rest)) {
    to.words.push_back(part);
  }
  const std::size_t parts = to.words.size();
  if (parts != length + 1 && parts != length + 2) {
    refuse("a {}-gram is a logarithm, {} and perhaps a backoff, not {}", length,
           length == 1 ? "a word" : fmt::format("{} words", length), quoted(line_));
  }
  to.probability = number(to.words.front());
  if (to.probability > 0) refuse("no probability has a logarithm of {}", to.probability);
  to.backoff = parts == length + 2 ? number(to.words.back()) : 0;
  to.words.erase(to.words.begin());
  to.words.resize(length);
}

int ArpaReader::read(const std::function<void(const Line&)>& use) {
  while (next() && line_ != "\\data\\") continue;
  if (line_.empty()) {
    throw_input("{} is no ARPA file: there is no line \\data\\ in it", where_);
  }
  read_counts();
  Line line;
  for (std::size_t length = 1; length <= counts_.size(); ++length) {
    if (line_ != fmt::format("\\{}-grams:", length)) {
      refuse("here \\{}-grams: is to begin, not {}", length, quoted(line_));
    }
    const std::int64_t announced = counts_[length - 1];
    std::int64_t seen = 0;
    for (; next() && !line_.starts_with('\\') && seen < announced; ++seen) {
      read_ngram(length, line);
      use(line);
    }
    if (line_.empty()) {
      throw_input("{} is cut short: it ends behind line {}, without \\end\\", where_, number_);
    }
    if (seen < announced || !line_.starts_with('\\')) {
      refuse("{} {}-grams are announced, and there are {}", announced, length,
             seen < announced ? fmt::format("{}", seen) : "more");
    }
  }
  if (line_ != "\\end\\") refuse("here \\end\\ is to stand, not {}", quoted(line_));
  return static_cast<int>(counts_.size());
}

}  // namespace rondo::tasks
