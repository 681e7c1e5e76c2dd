#include "apps/predicting/pictured_lines.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "apps/pictures/picture_file.hpp"
#include "apps/predicting/attention_picture.hpp"
#include "apps/predicting/spelling/alignment_picture.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_pictures = 24;

bool begins_with(const fs::path& path, std::string_view beginning) {
  std::string text(beginning.size(), '\0');
  std::ifstream(path, std::ios::binary)
      .read(text.data(), static_cast<std::streamsize>(text.size()));
  return text == beginning;
}
bool holds_attention(const fs::path& path) { return begins_with(path, R"({"source":)"); }
bool holds_alignments(const fs::path& path) { return begins_with(path, R"({"target":)"); }
bool holds_picture(const fs::path& path) { return is_picture_of(path, "predict"); }

template <class Of>
std::vector<Of> each(const std::vector<std::string>& lines, Of (*read)(const std::string&)) {
  std::vector<Of> all;
  std::ranges::transform(lines, std::back_inserter(all), read);
  return all;
}
std::string draw_attention(const std::vector<std::string>& lines) {
  return attention_picture(each(lines, looked_at));
}
std::string draw_alignments(const std::vector<std::string>& lines) {
  return alignment_picture(each(lines, aligned_in));
}

std::string lines_path(const std::string& output) {
  return output.ends_with(".svg") ? output + ".jsonl" : output;
}
std::string picture_path(const std::string& output) {
  return output.ends_with(".svg") ? output : output + ".svg";
}

}  // namespace

const PicturedKind& attention_kind() {
  static const PicturedKind kind{"--attention-output",
                                 {"a file of attention that rondo predict wrote", holds_attention},
                                 draw_attention};
  return kind;
}

const PicturedKind& alignment_kind() {
  static const PicturedKind kind{
      "--alignment-output",
      {"a file of alignments that rondo predict wrote", holds_alignments},
      draw_alignments};
  return kind;
}

PicturedLines::PicturedLines(const std::string& output, const std::vector<fs::path>& inputs,
                             const PicturedKind& kind)
    : kind_(kind),
      lines_(lines_path(output), inputs, kind.option, kind.lines),
      picture_(picture_path(output), inputs, kind.option,
               {"a picture that rondo predict drew", holds_picture}) {}

void PicturedLines::write(const std::string& lines) {
  lines_.write(lines);
  for (std::size_t begin = 0; begin < lines.size() && first_.size() < most_pictures;) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    first_.push_back(lines.substr(begin, end - begin));
    begin = end + 1;
  }
}

void PicturedLines::finish() {
  picture_.write(kind_.draw(first_));
  lines_.finish();
  picture_.finish();
}

}  // namespace rondo::apps
