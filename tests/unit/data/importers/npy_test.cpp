#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "../text_folder.hpp"
#include "data/tables/importers/record_reader.hpp"

namespace rondo {
namespace {

// An array as numpy.save writes it.
std::string array(const std::string& descr, const std::string& shape, const std::string& elements,
                  const std::string& order = "False") {
  std::string header =
      "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  header.resize(117, ' ');
  header += '\n';
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + elements;
}

template <class T>
std::string bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

class Npy : public testing::Test {
 protected:
  std::string refusal(const std::string& content) {
    try {
      open_records({.files = {folder_.write("x.npy", content)}});
    } catch (const InputError& error) {
      return std::string(error.what()).substr((folder_.path().string() + "/").size());
    }
    return "";
  }
  test::TextFolder folder_;
};

TEST_F(Npy, reads_items_of_arrays_side_by_side) {
  const std::string steps = bytes(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  const auto reader = open_records(
      {.files = {
           folder_.write("x.npy", array("<f8", "(2, 3, 2)", steps)),
           folder_.write("y.npy", array("<i2", "(2,)", bytes(std::vector<std::int16_t>{-1, 7}))),
           folder_.write("t.npy", array("<U2", "(2,)",
                                        bytes(std::vector<std::int32_t>{'a', 0xE9, 'b', 0})))}});
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

TEST_F(Npy, refuses_what_it_cannot_read) {
  const std::string two = bytes(std::vector<double>{1, 2});
  EXPECT_EQ(refusal("junk"), "x.npy: it is no array of NumPy");
  EXPECT_EQ(refusal(array("<f8", "(3,)", two)), "x.npy: 3 items of 8 bytes do not fill it");
  EXPECT_EQ(refusal(array("<f8", "(1,)", two)), "x.npy: 1 items of 8 bytes do not fill it");
  EXPECT_EQ(refusal(array("<f8", "(2, 1)", two, "True")),
            "x.npy: it is in Fortran's order: save numpy.ascontiguousarray of it");
  EXPECT_TRUE(
      refusal(array("|O", "(2,)", two)).starts_with("x.npy: elements of the type '|O' are"));
  EXPECT_TRUE(refusal(array(">f8", "(2,)", two)).starts_with("x.npy: elements of the type '>f8'"));
  EXPECT_TRUE(
      refusal(array("<c16", "(1,)", two)).starts_with("x.npy: elements of the type '<c16'"));
  EXPECT_TRUE(
      refusal(array("<f8", "()", bytes(std::vector{1.0}))).starts_with("x.npy: it has 0 dim"));
  EXPECT_EQ(refusal(array("<f8", "(2, 0)", "")), "x.npy: an item has no elements, or too many");
  EXPECT_EQ(refusal(array("<f8", "(99999999999999999999,)", two)), "x.npy: its header is damaged");
  EXPECT_EQ(refusal(array("<f8", "(0,)", "")), "x.npy holds no items");
}

}  // namespace
}  // namespace rondo
