// Well-formed HDF5 that no rondo wrote: read_checkpoint must refuse it with one sentence, before it
// asks for memory or follows anything out of the file. The front block is right in each case.
#include <gtest/gtest.h>
#include <hdf5.h>

#include <functional>

#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/file_format.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

class HostileImage : public testing::Test {
 protected:
  // Puts a right front block before what `fill` writes, and reads it as a checkpoint.
  std::string reason(const std::function<void(hid_t file)>& fill) {
    const std::filesystem::path image = folder_ / "image.h5";
    const hid_t file = H5Fcreate(image.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    fill(file);
    H5Fclose(file);
    return sentence_of<InputError>([&] { read_checkpoint(wrapped(read_bytes(image))); });
  }

  std::filesystem::path wrapped(const std::string& content) {
    FrontBlock block;
    block.length = content.size();
    block.hash = sha256(std::as_bytes(std::span(content)));
    write_bytes(folder_ / "checkpoint.h5", format_front_block(block) + content);
    return folder_ / "checkpoint.h5";
  }

  static hid_t space(const std::vector<hsize_t>& dimensions) {
    return H5Screate_simple(static_cast<int>(dimensions.size()), dimensions.data(), nullptr);
  }
  static void create(hid_t file, const char* name, hid_t type, hid_t space,
                     hid_t properties = H5P_DEFAULT) {
    const hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    ASSERT_GE(dataset, 0);
    H5Dclose(dataset);
    H5Sclose(space);
  }
  static void expect_says(const std::string& sentence, const std::string& words) {
    EXPECT_NE(sentence.find("checkpoint.h5"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find(words), std::string::npos) << sentence;
  }

  TemporaryFolder folder_;
};

TEST_F(HostileImage, NoHdf5AtAll) {
  for (const std::string& content : {std::string(), std::string(5000, 'x')}) {
    expect_says(sentence_of<InputError>([&] { read_checkpoint(wrapped(content)); }), "HDF5 says");
  }
}

TEST_F(HostileImage, ValuesThatWereNeverStored) {
  expect_says(reason([](hid_t file) { create(file, "x", H5T_IEEE_F32LE, space({64})); }),
              "outside of their part");
}

TEST_F(HostileImage, AbsurdlyLargeArrays) {
  const hsize_t huge = hsize_t{1} << 40;
  expect_says(reason([&](hid_t file) { create(file, "x", H5T_IEEE_F32LE, space({huge})); }),
              "larger than the file");
}

TEST_F(HostileImage, DimensionsThatOverflow) {
  // HDF5 refuses to create such a dataset, but not with a zero in front.
  const hsize_t huge = hsize_t{1} << 40;
  expect_says(reason([&](hid_t file) {
                create(file, "x", H5T_IEEE_F32LE, space({huge, huge, 0}));
              }),
              "beyond any file");
}

TEST_F(HostileImage, ManyNamesForOneArray) {
  expect_says(reason([](hid_t file) {
                const std::vector<double> values(1000);
                create(file, "x0", H5T_IEEE_F64LE, space({1000}));
                const hid_t dataset = H5Dopen2(file, "x0", H5P_DEFAULT);
                H5Dwrite(dataset, H5T_IEEE_F64LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
                H5Dclose(dataset);
                for (int i = 1; i < 100; ++i) {
                  H5Lcreate_hard(file, "x0", file, fmt::format("x{}", i).c_str(), H5P_DEFAULT,
                                 H5P_DEFAULT);
                }
              }),
              "larger than the file");
}

TEST_F(HostileImage, AGroupThatHoldsItself) {
  expect_says(
      reason([](hid_t file) { H5Lcreate_hard(file, "/", file, "a", H5P_DEFAULT, H5P_DEFAULT); }),
      "nested too deeply");
}

TEST_F(HostileImage, LinksOutOfTheFile) {
  expect_says(reason([](hid_t file) {
                H5Lcreate_external("/etc/passwd", "/", file, "x", H5P_DEFAULT, H5P_DEFAULT);
              }),
              "soft or external link");
  expect_says(reason([](hid_t file) { H5Lcreate_soft("/y", file, "x", H5P_DEFAULT, H5P_DEFAULT); }),
              "soft or external link");
}

TEST_F(HostileImage, StorageOutOfTheFileOrFiltered) {
  expect_says(reason([](hid_t file) {
                const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
                H5Pset_external(properties, "/etc/passwd", 0, 16);
                create(file, "x", H5T_STD_U8LE, space({16}), properties);
                H5Pclose(properties);
              }),
              "stored outside of the file");
  expect_says(reason([](hid_t file) {
                const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
                const hsize_t chunk = 16;
                H5Pset_chunk(properties, 1, &chunk);
                H5Pset_shuffle(properties);
                create(file, "x", H5T_STD_U8LE, space({16}), properties);
                H5Pclose(properties);
              }),
              "chunked, filtered");
}

TEST_F(HostileImage, OtherTypes) {
  for (const hid_t type : {H5T_IEEE_F32BE, H5T_STD_I16LE, H5T_STD_REF_OBJ}) {
    expect_says(reason([type](hid_t file) { create(file, "x", type, space({2})); }),
                "none of rondo's");
  }
  expect_says(reason([](hid_t file) {
                const hid_t type = H5Tcopy(H5T_STD_I32LE);
                H5Tcommit2(file, "x", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
                H5Tclose(type);
              }),
              "neither a group nor a dataset");
}

TEST_F(HostileImage, TextsOfVariableLengthOrInOtherPlaces) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, 4);
  expect_says(reason([type](hid_t file) { create(file, "x", type, H5Screate(H5S_SCALAR)); }),
              "outside of the group 'texts'");
  H5Tset_size(type, H5T_VARIABLE);
  expect_says(reason([type](hid_t file) {
                H5Gclose(H5Gcreate2(file, "texts", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
                create(file, "texts/x", type, H5Screate(H5S_SCALAR));
              }),
              "not one text of a fixed length");
  H5Tclose(type);
}

TEST_F(HostileImage, AttributesThatAreNoTexts) {
  expect_says(
      reason([](hid_t file) {
        const hid_t scalar = H5Screate(H5S_SCALAR);
        const hid_t dataset =
            H5Dcreate2(file, "x", H5T_STD_U8LE, scalar, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        H5Aclose(H5Acreate2(dataset, "a", H5T_IEEE_F32LE, scalar, H5P_DEFAULT, H5P_DEFAULT));
        H5Dclose(dataset);
        H5Sclose(scalar);
      }),
      "attribute 'a'");
}

}  // namespace
}  // namespace rondo
