#include "data/text/text_reader.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "data/text/text_files.hpp"
#include "input_error.hpp"
#include "text_folder.hpp"

namespace rondo {
namespace {

using test::error_of;
using test::TextFolder;
using Documents = std::vector<std::string>;

using Unit = DocumentRule::Unit;

DocumentRule lines_that_equal(const std::string& separator) { return {Unit::files, separator}; }

// All documents, empty ones too.
Documents read(const std::vector<std::filesystem::path>& inputs, const DocumentRule& rule = {}) {
  const std::vector<TextFile> files = list_text_files(inputs);
  TextReader reader(files, rule);
  Documents documents{""};
  for (TextReader::Piece piece; reader.next(piece);) {
    documents.back() += piece.text;
    if (piece.ends_document) documents.emplace_back();
  }
  if (rule.unit == Unit::stream) return documents;
  EXPECT_EQ(documents.back(), "");
  documents.pop_back();
  return documents;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(TextReader, FilesAndFormFeedsEndDocuments) {
  const TextFolder folder;
  const auto a = folder.write("a.txt", "one\ftwo\n\fthree\n");
  const auto b = folder.write("b.txt", "four\r\n");
  EXPECT_EQ(read({a, b}), (Documents{"one", "two\n", "three\n", "four\r\n"}));
  EXPECT_EQ(read({folder.write("empty.txt", "")}), Documents{""});
}

TEST(TextReader, SeparatorLinesEndDocumentsInstead) {
  const TextFolder folder;
  const auto file = folder.write("a.txt", "one\n---\ntwo\f---\n --- \n---\r\nthree---\nfour\n---");
  EXPECT_EQ(read({file}, lines_that_equal("---")),
            (Documents{"one\n", "two\f---\n --- \n", "three---\nfour\n", ""}));
  EXPECT_EQ(read({folder.write("b.txt", "one\n\n\ntwo\n")}, lines_that_equal("")),
            (Documents{"one\n", "", "two\n"}));
}

TEST(TextReader, LinesAreDocumentsWithTheirEnds) {
  const TextFolder folder;
  const auto a = folder.write("a.txt", "one\n\n \t\r\ntwo\fb\r\nthree");
  const auto b = folder.write("b.txt", "four\n");
  EXPECT_EQ(read({a, b}, {Unit::lines}),
            (Documents{"one\n", "", "", "two\fb\r\n", "three", "four\n", ""}));
}

TEST(TextReader, BlankLinesSeparateParagraphs) {
  const TextFolder folder;
  const auto a = folder.write("a.txt", "one\ntwo\n\n\n three\n \t \r\nfour\ffive\n");
  const auto b = folder.write("b.txt", "\nsix");
  EXPECT_EQ(read({a, b}, {Unit::paragraphs}),
            (Documents{"one\ntwo\n", "", " three\n", "four\ffive\n", "", "six"}));
}

TEST(TextReader, AStreamEndsTheLastLineOfEachFile) {
  const TextFolder folder;
  const auto a = folder.write("a.txt", "one\n\n\ftwo");
  const auto b = folder.write("b.txt", "three\n");
  const auto c = folder.write("c.txt", "");
  EXPECT_EQ(read({a, c, b, a}, {Unit::stream}), Documents{"one\n\n\ftwo\nthree\none\n\n\ftwo\n"});
}

TEST(TextReader, LinesAndParagraphsAreTheSameAcrossTheEndOfABuffer) {
  const TextFolder folder;
  for (std::size_t back = 0; back < 8; ++back) {
    const std::string front = std::string(TextReader::buffer_bytes - back - 1, 'x') + "\n";
    const auto file = folder.write("a.txt", front + "  \n" + "y\n");
    ASSERT_EQ(read({file}, {Unit::lines}), (Documents{front, "", "y\n", ""})) << back;
    ASSERT_EQ(read({file}, {Unit::paragraphs}), (Documents{front, "y\n"})) << back;
    ASSERT_EQ(read({file}, {Unit::stream}), Documents{front + "  \ny\n"}) << back;
  }
  // Longer than a buffer, and blank up to its end: no blank line.
  const std::string spaces = std::string(TextReader::buffer_bytes, ' ') + "z\n";
  const auto file = folder.write("b.txt", spaces + "y");
  EXPECT_EQ(read({file}, {Unit::lines}), (Documents{spaces, "y"}));
  EXPECT_EQ(read({file}, {Unit::paragraphs}), Documents{spaces + "y"});
}

TEST(TextReader, AByteOrderMarkAtAFilesStartIsDropped) {
  const TextFolder folder;
  const std::string mark = "\xEF\xBB\xBF";
  const auto a = folder.write("a.txt", mark + "one" + mark);
  const auto b = folder.write("b.txt", mark + "---\ntwo");
  EXPECT_EQ(read({a}), Documents{"one" + mark});
  EXPECT_EQ(read({b}, lines_that_equal("---")), (Documents{"", "two"}));
}

// Buffers end inside characters, lines and separators; documents and lines are longer than one.
TEST(TextReader, NothingDependsOnWhereBuffersEnd) {
  const TextFolder folder;
  const std::size_t half = TextReader::buffer_bytes / 2;
  for (std::size_t shift = 0; shift < 8; ++shift) {
    const std::string front(shift, 'x');
    const std::string euros = repeated("\xE2\x82\xAC", half);
    const std::string smile = repeated("\xF0\x9F\x98\x80\n", half);
    const std::string lines = repeated("a line\n", half / 7);
    const auto feeds = folder.write("feeds.txt", front + euros + "\f" + smile + "\f" + lines);
    ASSERT_EQ(read({feeds}), (Documents{front + euros, smile, lines}));
    const auto lined = folder.write(
        "lined.txt", front + euros + "---\n---\n" + smile + "---\n" + lines + "---\n" + front);
    ASSERT_EQ(read({lined}, lines_that_equal("---")),
              (Documents{front + euros + "---\n", smile, lines, front}));
  }
}

TEST(TextReader, ASeparatorIsFoundAcrossTheEndOfABuffer) {
  const TextFolder folder;
  for (std::size_t back = 0; back < 8; ++back) {
    const std::string front = std::string(TextReader::buffer_bytes - back - 1, 'x') + "\n";
    const auto file = folder.write("a.txt", front + "---\n" + "y\n");
    ASSERT_EQ(read({file}, lines_that_equal("---")), (Documents{front, "y\n"})) << back;
  }
}

TEST(TextReader, TheEndOfALineThatFillsABufferIsNoSeparator) {
  const TextFolder folder;
  const std::string text = std::string(TextReader::buffer_bytes, 'x') + "---\ny\n";
  EXPECT_EQ(read({folder.write("a.txt", text)}, lines_that_equal("---")), Documents{text});
}

TEST(TextReader, InvalidUtf8IsNamedByFileLineAndOffset) {
  const TextFolder folder;
  const auto latin = folder.write("latin.txt", "one\ntwo caf\xE9\n");
  EXPECT_EQ(error_of([&] { read({latin}); }),
            latin.string() +
                ", line 2, byte offset 11: byte 0xe9 is not UTF-8; convert the file first, where "
                "it is in Latin-1 with: iconv -f ISO-8859-1 -t UTF-8 " +
                latin.string() + " > " + (folder / "latin.utf8.txt").string());
  const auto cut = folder.write("cut.txt", "one\ntwo\n\xE2\x82");
  EXPECT_NE(error_of([&] { read({cut}); }).find("line 3, byte offset 8"), std::string::npos);
  const std::string lines = repeated("a line\n", 300'000);
  const auto far = folder.write("far.txt", lines + "\xFF");
  EXPECT_NE(error_of([&] {
              read({far}, lines_that_equal("---"));
            }).find("line 300001, byte offset 2100000"),
            std::string::npos);
}

TEST(TextReader, AFileThatIsNotWhatWasListedIsNamed) {
  const TextFolder folder;
  const auto file = folder.write("a.txt", "one\n");
  const std::vector<TextFile> files = list_text_files({file});
  folder.write("a.txt", "one and more\n");
  TextReader reader(files, {});
  TextReader::Piece piece;
  EXPECT_EQ(
      error_of([&] { reader.next(piece); }),
      file.string() + " changed while it was read: prepare it again when nothing writes to it");
}

// Also where it was written to in place behind the reader's back, with its size kept.
TEST(TextReader, AFileThatChangesWhileItIsReadIsNamed) {
  const TextFolder folder;
  const auto file = folder.write("a.txt", "one\n");
  const std::vector<TextFile> files = list_text_files({file});
  TextReader reader(files, {});
  TextReader::Piece piece;
  EXPECT_TRUE(reader.next(piece));
  folder.write("a.txt", "two\n");
  std::filesystem::last_write_time(
      file, std::filesystem::last_write_time(file) + std::chrono::seconds(1));
  EXPECT_NE(error_of([&] { reader.next(piece); }).find("changed while it was read"),
            std::string::npos);
}

TEST(TextReader, AFileOfAnotherKindIsNamedBeforeItsBytes) {
  const TextFolder folder;
  const auto packed = folder.write("a.txt.gz", "\x1F\x8B\x08 and more \xFF");
  EXPECT_EQ(error_of([&] { read({packed}); }), packed.string() +
                                                   " is compressed by gzip: unpack it first, with: "
                                                   "gzip -dc " +
                                                   packed.string() + " > " +
                                                   (folder / "a.txt").string());
}

TEST(TextReader, RefusesSeparatorsThatCannotBeALine) {
  EXPECT_NE(error_of([] { TextReader({}, lines_that_equal("a\nb")); }).find("single line"),
            std::string::npos);
  EXPECT_NE(error_of([] {
              TextReader({}, lines_that_equal(std::string(5000, '-')));
            }).find("at most 4096"),
            std::string::npos);
}

TEST(TextFiles, AFolderStandsForItsFilesInBytewiseOrder) {
  const TextFolder folder;
  for (const char* name :
       {"b.txt", "B.txt", "a/z.txt", "a.txt", ".hidden", ".git/config", "a/b/c"}) {
    folder.write(name, name);
  }
  std::vector<std::string> names;
  for (const TextFile& file : list_text_files({folder.path()})) {
    names.push_back(std::filesystem::relative(file.path, folder.path()).string());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"B.txt", "a.txt", "a/b/c", "a/z.txt", "b.txt"}));
}

TEST(TextFiles, LinksAreFollowedAndCirclesNamed) {
  const TextFolder folder;
  folder.write("texts/a.txt", "a");
  folder.write("elsewhere/b.txt", "b");
  std::filesystem::create_directory_symlink(folder / "elsewhere", folder / "texts/linked");
  std::vector<std::string> names;
  for (const TextFile& file : list_text_files({folder / "texts"})) {
    names.push_back(std::filesystem::relative(file.path, folder.path()).string());
  }
  EXPECT_EQ(names.size(), 2U);
  EXPECT_EQ(list_text_files({folder / "texts"}).back().path, folder / "texts/linked/b.txt");

  std::filesystem::create_directory_symlink(folder / "texts", folder / "elsewhere/back");
  EXPECT_EQ(error_of([&] { list_text_files({folder / "texts"}); }),
            (folder / "texts/linked/back").string() +
                " is a link back to a folder that it lies in, so that its files would have no end: "
                "remove it, or name the files");
  std::filesystem::remove(folder / "elsewhere/back");
  std::filesystem::create_symlink("nowhere", folder / "elsewhere/nothing");
  EXPECT_EQ(error_of([&] { list_text_files({folder / "texts"}); }),
            (folder / "texts/linked/nothing").string() +
                " is a link to nothing: remove it, or name the files");
}

TEST(TextFiles, WhatCannotBeReadIsNamed) {
  const TextFolder folder;
  std::filesystem::create_directories(folder / "empty");
  const auto listing = [&](const std::filesystem::path& path) {
    return error_of([&] { list_text_files({path}); });
  };
  EXPECT_EQ(listing(folder / "none"), "input " + (folder / "none").string() + " does not exist");
  EXPECT_EQ(listing(folder / "empty"),
            "folder " + (folder / "empty").string() + " holds no files to read");
  EXPECT_NE(listing("/dev/null").find("neither a file nor a folder"), std::string::npos);
}

}  // namespace
}  // namespace rondo
