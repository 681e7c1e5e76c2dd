#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "../text_folder.hpp"
#include "data/tables/importers/record_reader.hpp"
#include "rondo/data/prepare_table.hpp"

namespace rondo {
namespace {

// Writes arrays as h5py and others do.
class Writer {
 public:
  explicit Writer(const std::filesystem::path& path)
      : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Writer() { H5Fclose(file_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void group(const char* name) {
    H5Gclose(H5Gcreate2(file_, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  }
  // `values`, of the type `memory`, are kept as the type `kept`; null: they are never written.
  void array(const char* name, hid_t kept, const std::vector<hsize_t>& shape, hid_t memory,
             const void* values, hid_t properties = H5P_DEFAULT) {
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t set = H5Dcreate2(file_, name, kept, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    ASSERT_GE(set, 0) << name;
    if (values != nullptr) {
      ASSERT_GE(H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0) << name;
    }
    H5Dclose(set);
    H5Sclose(space);
  }
  void numbers(const char* name, const std::vector<hsize_t>& shape,
               const std::vector<double>& values) {
    array(name, H5T_IEEE_F64LE, shape, H5T_NATIVE_DOUBLE, values.data());
  }
  hid_t file() const { return file_; }

 private:
  hid_t file_;
};

hid_t text_type(std::size_t size, H5T_str_t fill) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, size);
  H5Tset_strpad(type, fill);
  return type;
}

class Hdf5Format : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_ / "x.h5"; }

  // What the columns `read` hold, or all: "1 2;3 4|a;b".
  std::string all(const std::vector<std::string>& read = {}) {
    const auto reader = open_records({.files = {path()}});
    std::vector<bool> needed;
    for (const TableColumn& column : reader->columns()) {
      needed.push_back(read.empty() || std::ranges::find(read, column.name) != read.end());
    }
    reader->need(needed);
    std::string said;
    for (Record record; reader->next(record); said += '|') {
      for (std::size_t i = 0; i < needed.size(); ++i) {
        if (!needed[i]) continue;
        const Cell& cell = record.cells[i];
        said += cell.numbers.empty() ? std::string(cell.text)
                                     : fmt::format("{}", fmt::join(cell.numbers, " "));
        said += cell.numbers.empty() ? ";" : fmt::format("/{};", cell.width);
      }
    }
    return said;
  }
  std::string refusal(const std::vector<std::string>& read = {}) {
    return folder_.refusal([&] { all(read); });
  }
  void write_good() {
    Writer file(path());
    file.numbers("x", {2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
    file.numbers("y", {2}, {0, 1});
  }

  test::TextFolder folder_;
};

TEST_F(Hdf5Format, reads_numbers_of_all_types_by_their_paths) {
  {
    Writer file(path());
    file.group("train");
    file.numbers("train/x", {2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
    const std::array<int, 4> whole{-1, 2, 3, 4};
    file.array("big", H5T_STD_I16BE, {2, 2}, H5T_NATIVE_INT, whole.data());
    file.array("single", H5T_IEEE_F32BE, {2}, H5T_NATIVE_INT, whole.data());
    const hid_t boolean = H5Tenum_create(H5T_NATIVE_INT8);
    std::int8_t value = 0;
    H5Tenum_insert(boolean, "FALSE", &value);
    H5Tenum_insert(boolean, "TRUE", &(value = 1));
    const std::array<std::int8_t, 2> truths{1, 0};
    file.array("truth", boolean, {2}, boolean, truths.data());
    H5Tclose(boolean);
  }
  EXPECT_EQ(all(), "-1 2/2;-1/1;1 2 3 4/2;1/1;|3 4/2;2/1;5 6 7 8/2;0/1;|");
}

TEST_F(Hdf5Format, reads_texts_of_fixed_and_other_lengths) {
  {
    Writer file(path());
    const hid_t ended = text_type(4, H5T_STR_NULLTERM), filled = text_type(4, H5T_STR_NULLPAD),
                spaced = text_type(4, H5T_STR_SPACEPAD),
                own = text_type(H5T_VARIABLE, H5T_STR_NULLTERM);
    file.array("a", ended, {2}, ended, "ab\0xabc");
    file.array("b", filled, {2}, filled, "ab\0\0abcd");
    file.array("c", spaced, {2}, spaced, "ab  abcd");
    const std::array<const char*, 2> texts{"w\xC3\xA9", ""};
    file.array("d", own, {2}, own, static_cast<const void*>(texts.data()));
    for (const hid_t type : {ended, filled, spaced, own}) H5Tclose(type);
  }
  EXPECT_EQ(all(), "ab;ab;ab;w\xC3\xA9;|abc;abcd;abcd;;|");
}

TEST_F(Hdf5Format, reads_compressed_pieces_longer_than_what_is_read_at_once) {
  std::vector<double> many(700'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i * i % 1009);
  {
    Writer file(path());
    const hid_t packed = H5Pcreate(H5P_DATASET_CREATE);
    const std::array<hsize_t, 2> piece{300, 7};
    H5Pset_chunk(packed, 2, piece.data());
    H5Pset_deflate(packed, 1);
    file.array("x", H5T_IEEE_F64LE, {70'000, 10}, H5T_NATIVE_DOUBLE, many.data(), packed);
    H5Pclose(packed);
  }
  const auto reader = open_records({.files = {path()}});
  Record record;
  for (std::size_t item = 0; item < 70'000; ++item) {
    ASSERT_TRUE(reader->next(record));
    ASSERT_EQ(record.cells[0].numbers.size(), 10U);
    for (const std::size_t i : {0, 6, 9}) {
      ASSERT_EQ(record.cells[0].numbers[i], many[item * 10 + i]) << item;
    }
  }
  EXPECT_FALSE(reader->next(record));
}

// What nobody reads may be as it likes.
TEST_F(Hdf5Format, reads_what_has_a_role_among_other_arrays) {
  {
    Writer file(path());
    file.numbers("mean", {3}, {1, 2, 3});
    const hid_t pair = H5Tcreate(H5T_COMPOUND, 16);
    H5Tinsert(pair, "re", 0, H5T_NATIVE_DOUBLE);
    H5Tinsert(pair, "im", 8, H5T_NATIVE_DOUBLE);
    file.array("signal", pair, {2}, pair, nullptr);
    H5Tclose(pair);
    file.numbers("x", {2}, {1, 2});
    file.numbers("y", {2}, {3, 4});
  }
  EXPECT_EQ(all({"x", "y"}), "1/1;3/1;|2/1;4/1;|");
  EXPECT_EQ(refusal({"mean", "x"}),
            "x.h5/mean has 3 items and x.h5/x has 2: they are read together, item by item");
  EXPECT_EQ(
      refusal({"signal", "x"}),
      "x.h5/signal: its elements are of a compound type: save each field as an array of its own");
}

// A column of rows' groups is read for that, whatever else is.
TEST_F(Hdf5Format, prepares_rows_of_groups) {
  {
    Writer file(path());
    file.numbers("device", {5}, {7, 7, 8, 8, 8});
    file.numbers("second", {5}, {2, 1, 1, 2, 3});
    file.numbers("x", {5, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    file.numbers("y", {5}, {0.5, 0.5, 1, 1, 1});
  }
  TableOptions options;
  options.inputs = {path()};
  options.output = folder_ / "out.rondo";
  options.says = TableTargets::numbers;
  options.task = "regress";
  options.sources = {"x"};
  options.targets = {"y"};
  options.group = "device";
  options.time = "second";
  options.validation = options.test = 0;
  EXPECT_EQ(folder_.refusal([&] { prepare_table(options); }), "");
}

TEST_F(Hdf5Format, refuses_files_that_are_none) {
  write_good();
  EXPECT_EQ(refusal(), "");
  const std::string good = test::contents(path());
  const auto says_none = [&](const std::string& content) {
    folder_.write("x.h5", content);
    const std::string said = refusal();
    EXPECT_TRUE(said.starts_with("x.h5 is no whole HDF5 file: HDF5 says: ")) << said;
    EXPECT_TRUE(said.ends_with(": copy or save it again")) << said;
  };
  says_none("");
  says_none("v,kind\n1,x\n");
  says_none(good.substr(0, 100));
  says_none(good.substr(0, good.size() / 2));
  says_none(good.substr(0, good.size() - 1));
  folder_.write("x.h5", "rondo dataset\nformat 1\n");
  EXPECT_EQ(refusal(),
            "x.h5 is a file of rondo's own, which is no table: give what it was made from");
  { Writer nothing(path()); }
  EXPECT_EQ(refusal(), "x.h5 holds no arrays");
}

TEST_F(Hdf5Format, refuses_arrays_that_it_cannot_read) {
  const auto refused = [&](const std::string& why, auto&& write) {
    {
      Writer file(path());
      write(file);
    }
    EXPECT_EQ(refusal(), why);
  };
  const std::vector<double> sixteen(16);
  refused("x.h5/x: it has 4 dimensions: [N], [N, width] and [N, T, width] are read, of text [N]",
          [&](Writer& file) {
            file.numbers("x", {2, 2, 2, 2}, sixteen);
          });
  refused("x.h5/x: it has 0 dimensions: [N], [N, width] and [N, T, width] are read, of text [N]",
          [&](Writer& file) { file.numbers("x", {}, sixteen); });
  refused("x.h5/x holds no items", [&](Writer& file) { file.numbers("x", {0}, {}); });
  refused("x.h5/x: an item has no elements, or too many", [&](Writer& file) {
    file.numbers("x", {2, 0}, {});
  });
  refused("x.h5/x: not all of its values were written", [&](Writer& file) {
    file.array("x", H5T_IEEE_F64LE, {1'000'000'000, 50}, H5T_NATIVE_DOUBLE, nullptr);
  });
  refused("x.h5/x: not all of its values were written", [&](Writer& file) {
    const hid_t pieces = H5Pcreate(H5P_DATASET_CREATE);
    const std::array<hsize_t, 2> piece{10, 50};
    H5Pset_chunk(pieces, 2, piece.data());
    file.array("x", H5T_IEEE_F64LE, {100, 50}, H5T_NATIVE_DOUBLE, nullptr, pieces);
    H5Pclose(pieces);
  });
  refused("x.h5/x: its elements are neither numbers nor texts",
          [&](Writer& file) { file.array("x", H5T_STD_REF_OBJ, {2}, H5T_STD_REF_OBJ, nullptr); });
  refused("x.h5/x: it is a link: name what it leads to", [&](Writer& file) {
    H5Lcreate_external("/etc/passwd", "/x", file.file(), "x", H5P_DEFAULT, H5P_DEFAULT);
  });
  refused("x.h5/x: its values lie in another file: save them in this one", [&](Writer& file) {
    const hid_t outside = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(outside, "/etc/passwd", 0, 16);
    file.array("x", H5T_IEEE_F64LE, {2}, H5T_NATIVE_DOUBLE, nullptr, outside);
    H5Pclose(outside);
  });
  refused(
      "x.h5/x: it is compressed by filter 32001 (), which is not here: save it with gzip or as it "
      "is",
      [&](Writer& file) {
        const hid_t packed = H5Pcreate(H5P_DATASET_CREATE);
        const hsize_t piece = 2;
        H5Pset_chunk(packed, 1, &piece);
        H5Pset_filter(packed, 32001, H5Z_FLAG_OPTIONAL, 0, nullptr);
        file.array("x", H5T_IEEE_F64LE, {2}, H5T_NATIVE_DOUBLE, sixteen.data(), packed);
        H5Pclose(packed);
      });
  refused("x.h5/x, item 1: the text is not valid UTF-8, or has a NUL in it", [&](Writer& file) {
    const hid_t type = text_type(2, H5T_STR_NULLPAD);
    file.array("x", type, {2}, type, "ab\xE9(");
    H5Tclose(type);
  });
}

TEST_F(Hdf5Format, refuses_several_files_and_folders) {
  write_good();
  EXPECT_EQ(folder_.refusal([&] {
    open_records({.files = {path(), path()}});
  }),
            "x.h5 and x.h5: arrays of one HDF5 file are read together: give one, or join them");
  EXPECT_EQ(folder_.refusal([&] { open_records({.files = {"-"}, .format = "hdf5"}); }),
            "- is no file");
}

}  // namespace
}  // namespace rondo
