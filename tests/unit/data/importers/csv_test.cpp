#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "../text_folder.hpp"
#include "data/tables/importers/record_reader.hpp"

namespace rondo {
namespace {

using Rows = std::vector<std::vector<std::string>>;

class Csv : public testing::Test {
 protected:
  Rows read(std::string_view text, TableInput input = {}) {
    input.files = {folder_.write(input.format == "tsv" ? "t.tsv" : "t.csv", text)};
    const auto reader = open_records(input);
    Rows rows{{}};
    for (const TableColumn& column : reader->columns()) rows[0].push_back(column.name);
    for (Record record; reader->next(record);) {
      rows.emplace_back();
      for (const Cell& cell : record.cells) rows.back().emplace_back(cell.text);
      lines_.push_back(record.number);
    }
    return rows;
  }

  // The message, without the folder's name.
  std::string refusal(std::string_view text, const TableInput& input = {}) {
    return folder_.refusal([&] { read(text, input); });
  }

  test::TextFolder folder_;
  std::vector<std::int64_t> lines_;
};

TEST_F(Csv, reads_quoted_cells_by_rfc_4180) {
  EXPECT_EQ(read("a,b\r\n\"x, y\",\"two\nlines\"\r\n\"say \"\"hi\"\"\",5\" pipe\r\n"),
            (Rows{{"a", "b"}, {"x, y", "two\nlines"}, {"say \"hi\"", "5\" pipe"}}));
  EXPECT_EQ(lines_, (std::vector<std::int64_t>{2, 4}));
}

TEST_F(Csv, takes_a_byte_order_mark_and_a_last_line_without_end) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a,b\n1,\n\n,2"),
            (Rows{{"a", "b"}, {"1", ""}, {"", "2"}}));
  EXPECT_EQ(lines_, (std::vector<std::int64_t>{2, 4}));
}

TEST_F(Csv, takes_names_where_no_line_holds_them) {
  EXPECT_EQ(read("1\t2\n", {.format = "tsv", .header = false, .columns = {"a", "b"}}),
            (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read("1,2\n3,4\n", {.header = false}), (Rows{{"c1", "c2"}, {"1", "2"}, {"3", "4"}}));
}

TEST_F(Csv, reads_cells_longer_than_its_buffer) {
  const std::string longer(1 << 20, 'x');
  EXPECT_EQ(read("a,b\n\"" + longer + "\"\"\"," + longer + "\n"),
            (Rows{{"a", "b"}, {longer + "\"", longer}}));
}

TEST_F(Csv, names_the_place_of_what_is_wrong) {
  EXPECT_EQ(refusal(""), "t.csv is empty");
  EXPECT_EQ(refusal("a,b\n"), "t.csv: its first line names columns, and no line follows");
  EXPECT_EQ(refusal("a,a\n1,2\n"), "t.csv, line 1 names the column 'a' twice");
  EXPECT_EQ(refusal("a,b\n1,2\n3\n"), "t.csv, line 3 has 1 cells, and there are 2 columns");
  EXPECT_EQ(refusal("a,b\n1,\"2\n3,4\n"),
            "t.csv, line 2, cell 2: the quotation mark that opens the cell is never closed");
  EXPECT_EQ(refusal("a,b\n1,\"2\"3\n"),
            "t.csv, line 2, cell 2: a quotation mark ends the cell and more text follows: a mark "
            "inside of a cell in marks is written twice");
  EXPECT_EQ(refusal({"a,b\n1,\0\n", 8}),
            "t.csv, line 2, cell 2: there is a NUL byte: it is no text");
  EXPECT_EQ(refusal("a,b\n1,x\xC3(\n"),
            "t.csv, line 2, column 'b': byte 2 of the cell is not valid UTF-8: convert the file "
            "first, where it is in Latin-1 with: iconv -f ISO-8859-1 -t UTF-8 t.csv > t.utf8.csv");
  EXPECT_EQ(refusal({"\xFF\xFE"
                     "a\0,\0b\0\n\0",
                     10}),
            "t.csv is text in UTF-16, not in UTF-8: convert it first, with: iconv -f UTF-16 -t "
            "UTF-8 t.csv > t.utf8.csv");
  EXPECT_TRUE(refusal("PK\x03\x04").starts_with("t.csv is a zip archive"));
  EXPECT_EQ(refusal("", {.header = false}), "t.csv is empty");
  EXPECT_EQ(refusal("1,2\n3\n", {.header = false}),
            "t.csv, line 2 has 1 cells, and there are 2 columns");
  EXPECT_EQ(
      refusal("a\n", {.format = "cvs"}),
      "--format takes csv, tsv, lines, conllu, conll, folder, files, npy or hdf5, not \"cvs\"");
}

}  // namespace
}  // namespace rondo
