#include <gtest/gtest.h>
#include <zip.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "../npy_bytes.hpp"
#include "../text_folder.hpp"
#include "data/tables/importers/record_reader.hpp"

namespace rondo {
namespace {

class Npy : public testing::Test {
 protected:
  using Members = std::vector<std::pair<std::string, std::string>>;

  // As numpy.savez and, where `compressed`, savez_compressed do.
  std::filesystem::path write_archive(const Members& members, bool compressed) {
    const std::filesystem::path path = folder_ / "x.npz";
    int code = 0;
    zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    for (const auto& [name, content] : members) {
      zip_source_t* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
      const zip_int64_t place = zip_file_add(archive, name.c_str(), source, 0);
      zip_set_file_compression(archive, static_cast<zip_uint64_t>(place),
                               compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    }
    EXPECT_EQ(zip_close(archive), 0);
    return path;
  }
  std::string refusal_of(const std::filesystem::path& path) {
    return folder_.refusal([&] {
      const auto reader = open_records({.files = {path}});
      for (Record record; reader->next(record);) {
      }
    });
  }
  std::string refusal_of(const Members& members, bool compressed = true) {
    return refusal_of(write_archive(members, compressed));
  }
  std::string refusal(const std::string& content) {
    return refusal_of(folder_.write("x.npy", content));
  }
  test::TextFolder folder_;
};

TEST_F(Npy, reads_items_of_arrays_side_by_side) {
  const std::string steps =
      test::npy_bytes(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  const auto reader = open_records(
      {.files = {folder_.write("x.npy", test::npy_array("<f8", "(2, 3, 2)", steps)),
                 folder_.write("y.npy",
                               test::npy_array("<i2", "(2,)",
                                               test::npy_bytes(std::vector<std::int16_t>{-1, 7}))),
                 folder_.write("t.npy", test::npy_array("<U2", "(2,)",
                                                        test::npy_bytes(std::vector<std::int32_t>{
                                                            'a', 0xE9, 'b', 0})))}});
  Record record;
  ASSERT_TRUE(reader->next(record));
  EXPECT_EQ(record.cells[0].width, 2);
  ASSERT_EQ(record.cells[0].numbers.size(), 6U);
  EXPECT_EQ(record.cells[0].numbers[5], 6);
  EXPECT_EQ(record.cells[1].numbers[0], -1);
  EXPECT_EQ(record.cells[2].text, "a\xC3\xA9");
  ASSERT_TRUE(reader->next(record));
  EXPECT_EQ(record.cells[0].numbers[0], 7);
  EXPECT_EQ(record.cells[2].text, "b");
  EXPECT_FALSE(reader->next(record));
}

TEST_F(Npy, reads_archives_stored_and_compressed) {
  const Members members{
      {"steps.npy",
       test::npy_array("<f8", "(2, 2)", test::npy_bytes(std::vector<double>{1, 2, 3, 4}))},
      {"kind.npy", test::npy_array("<U2", "(2,)",
                                   test::npy_bytes(std::vector<std::int32_t>{'a', 0xE9, 'b', 0}))}};
  for (const bool compressed : {false, true}) {
    const auto reader = open_records({.files = {write_archive(members, compressed)}});
    EXPECT_EQ(reader->columns()[0].name, "steps");
    EXPECT_EQ(reader->columns()[1].name, "kind");
    Record record;
    ASSERT_TRUE(reader->next(record));
    EXPECT_EQ(record.cells[0].numbers[1], 2);
    EXPECT_EQ(record.cells[1].text, "a\xC3\xA9");
    ASSERT_TRUE(reader->next(record));
    EXPECT_EQ(record.cells[0].numbers[1], 4);
    EXPECT_EQ(record.cells[1].text, "b");
    EXPECT_FALSE(reader->next(record));
  }
}

TEST_F(Npy, reads_compressed_items_longer_than_any_buffer) {
  std::vector<double> many(300'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i * i % 1009);
  const auto path =
      write_archive({{"a.npy", test::npy_array("<f8", "(3, 100000)", test::npy_bytes(many))},
                     {"b.npy", test::npy_array("<f8", "(3, 100000)", test::npy_bytes(many))}},
                    true);
  const auto reader = open_records({.files = {path}});
  Record record;
  for (std::size_t item = 0; item < 3; ++item) {
    ASSERT_TRUE(reader->next(record));
    for (const Cell& cell : record.cells) {
      ASSERT_EQ(cell.numbers.size(), 100'000U);
      EXPECT_EQ(cell.numbers[77'777], many[item * 100'000 + 77'777]);
    }
  }
  EXPECT_FALSE(reader->next(record));
}

TEST_F(Npy, hands_on_what_is_missing) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto reader =
      open_records({.files = {folder_.write(
                        "x.npy", test::npy_array("<f8", "(1, 2)",
                                                 test::npy_bytes(std::vector<double>{none, 1})))}});
  Record record;
  ASSERT_TRUE(reader->next(record));
  EXPECT_TRUE(std::isnan(record.cells[0].numbers[0]));
}

TEST_F(Npy, refuses_damaged_archives) {
  const std::string two = test::npy_bytes(std::vector<double>{1, 2});
  const std::string good = test::npy_array("<f8", "(2,)", two);
  EXPECT_EQ(refusal_of({{"a.npy", good}}), "");
  EXPECT_EQ(refusal_of(folder_.write("x.npz", "")),
            "x.npz is no whole zip archive: Not a zip archive: save or copy it again");
  EXPECT_EQ(refusal_of(folder_.write("x.npz", "words")),
            "x.npz is no whole zip archive: Not a zip archive: save or copy it again");
  const std::string stored = test::contents(write_archive({{"a.npy", good}}, false));
  EXPECT_EQ(refusal_of(folder_.write("x.npz", stored.substr(0, stored.size() / 2))),
            "x.npz is no whole zip archive: Not a zip archive: save or copy it again");
  std::string wrong = stored;
  ++wrong[wrong.find(two) + 3];
  EXPECT_EQ(refusal_of(folder_.write("x.npz", wrong)),
            "x.npz/a.npy is damaged or cut off: CRC error: save or copy the archive again");
  std::string compressed = test::contents(
      write_archive({{"a.npy", test::npy_array("<f8", "(2, 500)", std::string(8000, 'x'))}}, true));
  for (std::size_t i = 60; i < 80; ++i) compressed[i] = '\xFF';
  EXPECT_TRUE(refusal_of(folder_.write("x.npz", compressed))
                  .starts_with("x.npz/a.npy is damaged or cut off: "));
}

TEST_F(Npy, refuses_archives_of_what_it_cannot_read) {
  const std::string two = test::npy_bytes(std::vector<double>{1, 2});
  const std::string good = test::npy_array("<f8", "(2,)", two);
  EXPECT_EQ(refusal_of(Members{{"notes.txt", "words"}, {"a.npy", good}}),
            "x.npz/notes.txt: it is no array of NumPy");
  EXPECT_EQ(refusal_of({{"a.npy", test::npy_array("<f8", "(2, 1)", two, "True")}}),
            "x.npz/a.npy: it is in Fortran's order: save numpy.ascontiguousarray of it");
  EXPECT_TRUE(refusal_of({{"a.npy", test::npy_array("|O", "(2,)", two)}})
                  .starts_with("x.npz/a.npy: elements of the type '|O' are not read"));
  EXPECT_TRUE(refusal_of({{"a.npy", test::npy_array(">f8", "(2,)", two)}})
                  .starts_with("x.npz/a.npy: elements of the type '>f8' are not read"));
  EXPECT_EQ(refusal_of({{"a.npy", test::npy_array("<f8", "(3,)", two)}}),
            "x.npz/a.npy: 3 items of 8 bytes do not fill it");
  EXPECT_EQ(refusal_of(Members{{"a.npy", good}, {"b.npy", test::npy_array("<f8", "(1, 2)", two)}}),
            "x.npz/a.npy has 2 items and x.npz/b.npy has 1: they are read together, item by item");
}

TEST_F(Npy, refuses_what_it_cannot_read) {
  const std::string two = test::npy_bytes(std::vector<double>{1, 2});
  EXPECT_EQ(refusal("junk"), "x.npy: it is no array of NumPy");
  EXPECT_EQ(refusal(test::npy_array("<f8", "(3,)", two)),
            "x.npy: 3 items of 8 bytes do not fill it");
  EXPECT_EQ(refusal(test::npy_array("<f8", "(1,)", two)),
            "x.npy: 1 items of 8 bytes do not fill it");
  EXPECT_EQ(refusal(test::npy_array("<f8", "(2, 1)", two, "True")),
            "x.npy: it is in Fortran's order: save numpy.ascontiguousarray of it");
  EXPECT_TRUE(refusal(test::npy_array("|O", "(2,)", two))
                  .starts_with("x.npy: elements of the type '|O' are"));
  EXPECT_TRUE(refusal(test::npy_array(">f8", "(2,)", two))
                  .starts_with("x.npy: elements of the type '>f8'"));
  EXPECT_TRUE(refusal(test::npy_array("<c16", "(1,)", two))
                  .starts_with("x.npy: elements of the type '<c16'"));
  EXPECT_TRUE(refusal(test::npy_array("<f8", "()", test::npy_bytes(std::vector{1.0})))
                  .starts_with("x.npy: it has 0 dim"));
  EXPECT_EQ(refusal(test::npy_array("<f8", "(2, 0)", "")),
            "x.npy: an item has no elements, or too many");
  EXPECT_EQ(refusal(test::npy_array("<f8", "(99999999999999999999,)", two)),
            "x.npy: its header is damaged");
  EXPECT_EQ(refusal(test::npy_array("<f8", "(0,)", "")), "x.npy holds no items");
}

}  // namespace
}  // namespace rondo
