#include "apps/predicting/answers_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "apps/predicting/forecasts_text.hpp"
#include "apps/predicting/numbers_text.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/streams.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

// Whether a text is a probability as answers_text writes it, "0.123456", or a text's score,
// "-12.123456".
bool is_probability(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  return point != std::string_view::npos && point > 0 && text.size() == point + 7 &&
         std::ranges::all_of(text.substr(0, point), is_digit) &&
         std::ranges::all_of(text.substr(point + 1), is_digit);
}

// Whether a text is a number as answers have it, and how many digits it has.
std::optional<std::ptrdiff_t> digits_of_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || number_text(value) != text) return {};
  return std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Whether all numbers of a line, of which there are any, stand there as answers have them, with as
// many digits as those that are computed and hardly any that are measured: most have all nine.
bool holds_numbers(std::string_view line) {
  constexpr std::ptrdiff_t computed = 8;
  std::size_t all = 0, long_ones = 0;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find_first_of("\t ", begin), line.size());
    const auto digits = digits_of_number(line.substr(begin, end - begin));
    if (!digits) return false;
    ++all;
    long_ones += *digits >= computed ? 1 : 0;
    begin = end + 1;
  }
  return 2 * long_ones > all;
}

// Whether a file's first line is an answer: a JSON object, or names, a tab and a probability for
// each, with semicolons between them; a sequence without labels has the tab alone; or numbers; or
// the head of forecasts.
bool holds_answers(const fs::path& path) {
  std::string line;
  std::getline(std::ifstream(path, std::ios::binary), line);
  if (line.starts_with(R"({"answer":)") || holds_numbers(line)) return true;
  if (is_forecasts_head(line)) return true;
  const std::size_t tab = line.rfind('\t');
  if (tab == std::string::npos) return false;
  if (line.size() == 1) return true;
  for (std::size_t begin = tab + 1; begin <= line.size();) {
    const std::size_t end = std::min(line.find(';', begin), line.size());
    if (!is_probability(std::string_view(line).substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return tab > 0 || line[1] == '-';  // of a text without symbols
}

}  // namespace

OwnKind answers_kind() { return {"a file of answers that rondo predict wrote", holds_answers}; }

AnswersFile::AnswersFile(const std::string& output, const std::vector<fs::path>& inputs,
                         std::string option, const OwnKind& kind)
    : path_(output), option_(std::move(option)), kind_(kind) {
  if (output == "-") return;
  for (const fs::path& input : inputs) {
    std::error_code unknown;
    if (fs::equivalent(input, path_, unknown)) {
      throw_input("output {} is one of the inputs: name another file", output);
    }
  }
  check_output(path_, option_, kind_);
  try {
    file_.emplace(path_);
  } catch (const RunError& error) {  // a place that the user named
    throw InputError(error.what());
  }
}

void AnswersFile::write(std::string_view answers) {
  if (!file_) {
    write_result(answers);
    flush_results();
    return;
  }
  file_->write(written_, std::as_bytes(std::span(answers)));
  written_ += answers.size();
}

void AnswersFile::finish() {
  if (!file_) return;
  file_->flush();
  file_->close();
  check_output(path_, option_, kind_);
  file_->rename();
}

}  // namespace rondo::apps
