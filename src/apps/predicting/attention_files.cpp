#include "apps/predicting/attention_files.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "apps/pictures/picture_file.hpp"
#include "apps/predicting/attention_picture.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_pictures = 24;

bool holds_lines(const fs::path& path) {
  constexpr std::string_view beginning = R"({"source":)";
  std::string text(beginning.size(), '\0');
  std::ifstream(path, std::ios::binary)
      .read(text.data(), static_cast<std::streamsize>(text.size()));
  return text == beginning;
}
bool holds_picture(const fs::path& path) { return is_picture_of(path, "predict"); }

std::string lines_path(const std::string& output) {
  return output.ends_with(".svg") ? output + ".jsonl" : output;
}
std::string picture_path(const std::string& output) {
  return output.ends_with(".svg") ? output : output + ".svg";
}

}  // namespace

AttentionFiles::AttentionFiles(const std::string& output, const std::vector<fs::path>& inputs)
    : lines_(lines_path(output), inputs, "--attention-output",
             {"a file of attention that rondo predict wrote", holds_lines}),
      picture_(picture_path(output), inputs, "--attention-output",
               {"a picture that rondo predict drew", holds_picture}) {}

void AttentionFiles::write(const std::string& lines) {
  lines_.write(lines);
  for (std::size_t begin = 0; begin < lines.size() && first_.size() < most_pictures;) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    first_.push_back(lines.substr(begin, end - begin));
    begin = end + 1;
  }
}

void AttentionFiles::finish() {
  std::vector<LookedAt> sequences;
  for (const std::string& line : first_) sequences.push_back(looked_at(line));
  picture_.write(attention_picture(sequences));
  lines_.finish();
  picture_.finish();
}

}  // namespace rondo::apps
