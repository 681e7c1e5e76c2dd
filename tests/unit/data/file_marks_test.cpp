#include "data/file_marks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo {
namespace {

// "one two\n" in two or four bytes a character, the significant one at `place`.
std::string widened(std::size_t width, std::size_t place) {
  std::string bytes;
  for (const char letter : std::string("one two\n")) {
    std::string character(width, '\0');
    character[place] = letter;
    bytes += character;
  }
  return bytes;
}

TEST(FileMarks, TellHowAFileBecomesText) {
  EXPECT_EQ(not_text("\xFF\xFEo", "a b.txt"),
            "is text in UTF-16, not in UTF-8: convert it first, with: iconv -f UTF-16 -t UTF-8 "
            "'a b.txt' > 'a b.utf8.txt'");
  EXPECT_NE(not_text(std::string("\xFF\xFE\0\0o", 5), "a").find("UTF-32"), std::string::npos);
  EXPECT_NE(not_text(std::string("\0\0\xFE\xFF", 4), "a").find("UTF-32"), std::string::npos);
  EXPECT_EQ(not_text("\x1F\x8B\x08", "books/a.txt.gz"),
            "is compressed by gzip: unpack it first, with: gzip -dc books/a.txt.gz > books/a.txt");
  EXPECT_NE(not_text("\x1F\x8B\x08", "a.gz").find("a.gz > a.txt"), std::string::npos);
  EXPECT_NE(not_text("\x1F\x8B\x08", "a").find("gzip -dc a > a.utf8.txt"), std::string::npos);
  EXPECT_NE(not_text(std::string("\xFD\x37zXZ\0", 6), "a.xz").find("xz -dc a.xz > a.txt"),
            std::string::npos);
  EXPECT_NE(not_text("\x28\xB5\x2F\xFD", "a.txt.zst").find("zstd -dc a.txt.zst > a.txt"),
            std::string::npos);
  EXPECT_NE(not_text("BZh91AY&SY\x01", "a.txt.bz2").find("bzip2 -dc a.txt.bz2 > a.txt"),
            std::string::npos);
  EXPECT_NE(not_text("PK\x03\x04", "a.zip").find("unzip a.zip"), std::string::npos);
  EXPECT_NE(not_text("%PDF-1.7", "a.pdf").find("pdftotext a.pdf a.txt"), std::string::npos);
  EXPECT_NE(not_text("\x89HDF\r\n\x1A\n", "a.h5").find("HDF5"), std::string::npos);
  EXPECT_NE(not_text("rondo dataset\nformat 1", "a.rondo").find("--data a.rondo"),
            std::string::npos);
  EXPECT_NE(not_text("rondo checkpoint\nformat 1", "c.h5").find("--vocabulary-from"),
            std::string::npos);
}

TEST(FileMarks, TextWithoutAMarkIsToldByItsNuls) {
  const auto coding_of = [](const std::string& bytes) {
    const std::string said = not_text(bytes, "a");
    const std::size_t from = said.find("iconv -f ");
    return from == std::string::npos ? said : said.substr(from + 9, said.find(" -t") - from - 9);
  };
  EXPECT_EQ(coding_of(widened(2, 0)), "UTF-16LE");
  EXPECT_EQ(coding_of(widened(2, 1)), "UTF-16BE");
  EXPECT_EQ(coding_of(widened(4, 0)), "UTF-32LE");
  EXPECT_EQ(coding_of(widened(4, 3)), "UTF-32BE");
  EXPECT_EQ(coding_of(std::string(64, '\0')), "is full of NUL bytes, which text in UTF-8 is not");
}

TEST(FileMarks, LeaveTextAlone) {
  EXPECT_EQ(not_text("", "a"), "");
  EXPECT_EQ(not_text("\xEF\xBB\xBFtext", "a"), "");
  EXPECT_EQ(not_text("BZh9 is no word", "a"), "");
  EXPECT_EQ(not_text("rondo datasets are files", "a"), "");
  EXPECT_EQ(not_text(std::string(99, 'x') + '\0', "a"), "");  // a stray one
}

TEST(FileMarks, BytesThatAreNoTextAreNotCalledLatin1) {
  EXPECT_EQ(advice_for_bytes("caf\xE9 \n", "a.txt"),
            "convert the file first, where it is in Latin-1 with: iconv -f ISO-8859-1 -t UTF-8 "
            "a.txt > a.utf8.txt");
  EXPECT_EQ(advice_for_bytes("\x01\x02\xE9\x05", "a"),
            "the file does not look like text in any coding");
}

}  // namespace
}  // namespace rondo
