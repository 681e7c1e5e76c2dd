#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "../text_folder.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {
namespace {

using namespace std::string_view_literals;

class LinesFormat : public testing::Test {
 protected:
  TableOptions options(std::string_view source, std::string_view target) const {
    TableOptions made;
    made.inputs = {folder_.write("s.txt", source)};
    made.target_inputs = {folder_.write("t.txt", target)};
    made.validation = made.test = 0;
    made.output = folder_ / "out.rondo";
    return made;
  }
  std::string refusal(const TableOptions& wrong) const {
    const std::string said = folder_.refusal([&] { prepare_table(wrong); });
    EXPECT_NE(std::filesystem::exists(folder_ / "out.rondo"), !said.empty());
    return said;
  }
  std::string refusal(std::string_view source, std::string_view target) const {
    return refusal(options(source, target));
  }

  test::TextFolder folder_;
};

TEST_F(LinesFormat, pairs_lines_whatever_ends_them) {
  const TableSummary summary =
      prepare_table(options("\xEF\xBB\xBF"
                            "ab\r\nb\r\n",
                            "x\ny"));
  EXPECT_EQ(summary.lengths, (std::vector<std::int32_t>{1, 2}));
}

TEST_F(LinesFormat, names_file_and_line_of_what_is_wrong) {
  EXPECT_EQ(refusal("", "x\n"), "s.txt is empty");
  EXPECT_EQ(refusal("a\n", ""), "t.txt is empty");
  EXPECT_EQ(refusal("\n\n\n", "x\ny\nz\n"),
            "s.txt, line 1, column 'source': the value is missing: fill it in or leave the row "
            "out, or prepare what the network learns from with --missing mask");
  EXPECT_EQ(refusal("a\nb\n", "x\n\n"),
            "t.txt, line 2: the value is missing: fill it in or leave the row out, or prepare what "
            "the network learns from with --missing mask");
  EXPECT_EQ(refusal("a\nb\n", "x\ny\nz\n"),
            "s.txt ends before t.txt, line 3: lines are paired, so there must be as many");
  EXPECT_EQ(refusal("a\nb\nc\n", "x\n"),
            "t.txt ends before s.txt, line 2: lines are paired, so there must be as many");
  EXPECT_EQ(refusal("a\nb\0\n"sv, "x\ny\n"),
            "s.txt, line 2: byte 2 of the line is NUL, which no text holds");
  EXPECT_EQ(refusal("a\nb\n", "x\ny\xC3(\n"),
            "t.txt, line 2: byte 2 of the line is not valid UTF-8: convert the file first, where "
            "it is in Latin-1 with: iconv -f ISO-8859-1 -t UTF-8 t.txt > t.utf8.txt");
  EXPECT_EQ(refusal("a\nb\n", "x\nx\n"),
            "s.txt: all sequences of the train split are of one class of the target 'target', "
            "\"x\": there is nothing to tell apart");
}

TEST_F(LinesFormat, says_what_a_file_is_that_is_no_text) {
  EXPECT_EQ(refusal("\xFF\xFE"
                    "a\0\n\0"sv,
                    "x\n"),
            "s.txt is text in UTF-16, not in UTF-8: convert it first, with: iconv -f UTF-16 -t "
            "UTF-8 s.txt > s.utf8.txt");
  EXPECT_EQ(refusal("a\0b\0\n\0"sv, "x\n"),
            "s.txt is full of NUL bytes, as text in UTF-16LE is: convert it first, with: iconv -f "
            "UTF-16LE -t UTF-8 s.txt > s.utf8.txt");
  EXPECT_EQ(refusal("a\n", "\x1F\x8B\x08"),
            "t.txt is compressed by gzip: unpack it first, with: gzip -dc t.txt > t.utf8.txt");
  EXPECT_EQ(refusal("\x89PNG\r\n\x1A\n", "x\n"), "s.txt is a picture, not text");
  EXPECT_EQ(refusal("\x01\x02\xE9\x05\n", "x\n"),
            "s.txt, line 1: byte 3 of the line is not valid UTF-8: the file does not look like "
            "text in any coding");
}

TEST_F(LinesFormat, needs_files_that_can_be_read_and_lines_that_have_an_end) {
  TableOptions wrong = options("a\nb\n", "x\ny\n");
  wrong.target_inputs = {folder_ / "none.txt"};
  EXPECT_EQ(refusal(wrong), "input none.txt does not exist");
  wrong.target_inputs.clear();
  EXPECT_EQ(refusal(wrong),
            "--task classify needs a target, and the table has the column 'text' alone: it may "
            "have another, and plain lines take their targets from the lines of --target-input "
            "FILE");
  std::filesystem::create_symlink("/proc/self/mem", folder_ / "memory.txt");
  wrong = options("a\n", "x\n");
  wrong.inputs = {folder_ / "memory.txt"};
  EXPECT_EQ(refusal(wrong), "memory.txt cannot be read: Input/output error");
  EXPECT_EQ(refusal("a\n" + std::string((std::size_t{1} << 26) + 1, 'b'), "x\ny\n"),
            "s.txt, line 2 is longer than 67108864 bytes");
}

}  // namespace
}  // namespace rondo
