#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "../text_folder.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {
namespace {

using namespace std::string_view_literals;
namespace fs = std::filesystem;

class FolderFormat : public testing::Test {
 protected:
  FolderFormat() {
    folder_.write("in/bad/1.txt", "no\n");
    folder_.write("in/good/1.txt", "yes\n");
  }
  TableOptions options() const {
    TableOptions made;
    made.inputs = {folder_ / "in"};
    made.validation = made.test = 0;
    made.output = folder_ / "out.rondo";
    return made;
  }
  std::string refusal() const {
    const std::string said = folder_.refusal([&] { prepare_table(options()); });
    EXPECT_NE(fs::exists(folder_ / "out.rondo"), !said.empty());
    return said;
  }
  // With one file more, which goes again.
  std::string refusal(const std::string& name, std::string_view content) const {
    folder_.write(name, content);
    const std::string said = refusal();
    fs::remove(folder_ / name);
    return said;
  }

  test::TextFolder folder_;
};

TEST_F(FolderFormat, leaves_out_what_systems_hide_there_and_says_so) {
  for (const char* name : {"in/.DS_Store", "in/good/Thumbs.db", "in/bad/desktop.ini",
                           "in/__MACOSX/good/1.txt", "in/.git/config"}) {
    folder_.write(name, "\0\1\2"sv);
  }
  const TableSummary summary = prepare_table(options());
  EXPECT_EQ(summary.files, 2);
  EXPECT_EQ(summary.left_out.size(), 5U);
  EXPECT_EQ(summary.columns[1].vocabulary->size(), 2);
}

TEST_F(FolderFormat, names_file_and_line_of_what_is_wrong) {
  EXPECT_EQ(refusal("in/good/2.txt", ""),
            "in/good/2.txt, column 'text': the value is missing: fill it in or leave the row out, "
            "or prepare what the network learns from with --missing mask");
  EXPECT_EQ(refusal("in/good/2.txt", "\n"),
            "in/good/2.txt, column 'text': the value is missing: fill it in or leave the row out, "
            "or prepare what the network learns from with --missing mask");
  EXPECT_EQ(refusal("in/good/2.txt", "a\nb\xE9 c\n"),
            "in/good/2.txt, line 2: byte 2 of the line is not valid UTF-8: convert the file first, "
            "where it is in Latin-1 with: iconv -f ISO-8859-1 -t UTF-8 in/good/2.txt > "
            "in/good/2.utf8.txt");
  EXPECT_EQ(refusal("in/good/2.txt", "a\n\0b\n"sv),
            "in/good/2.txt, line 2: byte 1 of the line is NUL, which no text holds");
  EXPECT_EQ(refusal("in/good/2.gz", "\x1F\x8B\x08"),
            "in/good/2.gz is compressed by gzip: unpack it first, with: gzip -dc in/good/2.gz > "
            "in/good/2.txt");
  EXPECT_EQ(refusal("in/good/2.bmp", "\xFF\xD8\xFF\xE0"), "in/good/2.bmp is a picture, not text");
  EXPECT_EQ(refusal("in/good/2.txt", std::string((std::size_t{1} << 26) + 1, 'b')),
            "in/good/2.txt is longer than 67108864 bytes");
}

TEST_F(FolderFormat, needs_a_folder_a_class) {
  EXPECT_EQ(refusal("in/README", "words\n"),
            "in/README stands in no class's folder: give a folder that holds a folder a class");
  fs::create_directory(folder_ / "in/ugly");
  EXPECT_EQ(refusal(), "in/ugly holds no files: a class needs some: fill the folder or remove it");
  EXPECT_EQ(refusal("in/ugly/.hidden", ""),
            "in/ugly holds no files: a class needs some: fill the folder or remove it");
  fs::remove(folder_ / "in/ugly");
  fs::remove_all(folder_ / "in/bad");
  EXPECT_EQ(refusal(),
            "in: all sequences of the train split are of one class of the target 'label', "
            "\"good\": there is nothing to tell apart");
  fs::remove_all(folder_ / "in/good");
  EXPECT_EQ(refusal(), "folder in holds no files to read");
}

TEST_F(FolderFormat, folders_of_splits_are_no_classes) {
  const std::string said =
      " is named like a split, and in is to hold a folder a class: give the folder of the training "
      "classes as --input, those of the others as --validation-input and --test-input, or rename "
      "what is a class";
  EXPECT_EQ(refusal("in/test/good/1.txt", "words\n"), "in/test" + said);
  fs::remove_all(folder_ / "in/test");
  fs::rename(folder_ / "in/bad", folder_ / "in/dev");
  EXPECT_EQ(refusal("in/good/2.txt", "a\n"), "");  // a class may be called so beside others
  fs::remove(folder_ / "out.rondo");
  fs::rename(folder_ / "in/good", folder_ / "in/train");
  EXPECT_EQ(refusal(), "in/train" + said);
}

TEST_F(FolderFormat, names_links_and_files_that_lead_nowhere) {
  const auto linked = [&](const std::string& to) {
    fs::create_symlink(to, folder_ / "in/good/link");
    const std::string said = refusal();
    fs::remove(folder_ / "in/good/link");
    return said;
  };
  EXPECT_TRUE(linked("..").starts_with("in/good/link is a link back to a folder that it lies in"));
  EXPECT_EQ(linked("none"), "in/good/link is a link to nothing: remove it, or name the files");
  EXPECT_EQ(linked("/dev/null"),
            "in/good/link is neither a file nor a folder that can be read: remove it, or name the "
            "files");
  EXPECT_EQ(linked("/proc/self/mem"), "in/good/link cannot be read: Input/output error");
}

}  // namespace
}  // namespace rondo
