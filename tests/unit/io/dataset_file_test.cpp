#include "rondo/io/dataset_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <numeric>
#include <thread>

#include "rondo/io/checkpoint.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

constexpr std::uint64_t token_count = 2500001;  // more than two megabytes, an odd size

std::uint8_t token(std::uint64_t i) { return static_cast<std::uint8_t>(i * 7 + i / 251); }

std::vector<std::uint8_t> tokens(std::uint64_t first, std::uint64_t count) {
  std::vector<std::uint8_t> values(count);
  for (std::uint64_t i = 0; i < count; ++i) values[i] = token(first + i);
  return values;
}

NamedState example_small() {
  NamedState small;
  const std::array<std::int32_t, 3> code_points{32, 101, 116};
  small.put<std::int32_t>("vocabulary/code_points", code_points, {3});
  small.texts["description"] = R"({"task": "text"})";
  return small;
}

// Large arrays of two types, appended in turns and in pieces, and one without elements.
void write_example(const std::filesystem::path& path) {
  DatasetWriter writer(path, example_small(),
                       {{"train/tokens", ElementType::uint8, token_count},
                        {"test/tokens", ElementType::uint8, 0},
                        {"extra/numbers", ElementType::int32, 1000}});
  std::array<std::int32_t, 500> numbers{};
  std::iota(numbers.begin(), numbers.end(), 0);
  const auto all = tokens(0, token_count);
  const auto bytes = std::as_bytes(std::span(all));
  writer.append(0, bytes.first(1000000));
  writer.append(2, std::as_bytes(std::span(numbers)));
  writer.append(0, bytes.subspan(1000000, 1));
  writer.append(0, {});
  std::iota(numbers.begin(), numbers.end(), 500);
  writer.append(2, std::as_bytes(std::span(numbers)));
  writer.append(0, bytes.subspan(1000001));
  writer.finish();
}

std::vector<std::uint8_t> read_tokens(const DatasetReader& reader, std::uint64_t first,
                                      std::uint64_t count) {
  std::vector<std::uint8_t> values(count);
  reader.read(reader.large("train/tokens"), first, count,
              std::as_writable_bytes(std::span(values)));
  return values;
}

TEST(DatasetFile, GivesBackSmallStateAndLargeArrays) {
  const TemporaryFolder folder;
  write_example(folder / "a.h5");
  EXPECT_EQ(folder.entries(), 1U);

  const DatasetReader reader(folder / "a.h5");

  EXPECT_EQ(reader.small().texts, example_small().texts);
  EXPECT_EQ(digest(reader.small(), ""), digest(example_small(), ""));
  ASSERT_EQ(reader.large_arrays().size(), 3U);
  EXPECT_EQ(reader.large("train/tokens").count, token_count);
  EXPECT_EQ(reader.large("test/tokens").count, 0U);
  EXPECT_EQ(reader.file_size(), std::filesystem::file_size(folder / "a.h5"));
  EXPECT_EQ(reader.path(), folder / "a.h5");
  std::array<std::int32_t, 1000> numbers{};
  reader.read(reader.large("extra/numbers"), 0, 1000, std::as_writable_bytes(std::span(numbers)));
  EXPECT_EQ(numbers[0], 0);
  EXPECT_EQ(numbers[999], 999);
  EXPECT_EQ(read_tokens(reader, 0, token_count), tokens(0, token_count));
}

TEST(DatasetFile, ReadsAnyRangeFirstAndAgain) {
  const TemporaryFolder folder;
  write_example(folder / "a.h5");
  const DatasetReader reader(folder / "a.h5");
  for (int pass = 0; pass < 2; ++pass) {
    for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{1048000}, token_count - 5}) {
      const std::uint64_t count = std::min<std::uint64_t>(1100000, token_count - first);
      EXPECT_EQ(read_tokens(reader, first, count), tokens(first, count)) << first;
    }
    EXPECT_TRUE(read_tokens(reader, token_count, 0).empty());
  }
  EXPECT_THROW(read_tokens(reader, token_count - 5, 6), RunError);
  EXPECT_THROW(read_tokens(reader, ~std::uint64_t{0}, 2), RunError);
  EXPECT_THROW(reader.large("validation/tokens"), InputError);
}

TEST(DatasetFile, ThreadsReadAndVerifyTogether) {
  const TemporaryFolder folder;
  write_example(folder / "a.h5");
  const DatasetReader reader(folder / "a.h5");
  std::array<bool, 4> good{};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        const std::uint64_t first = 600000U * static_cast<std::uint64_t>(t);
        good[static_cast<std::size_t>(t)] =
            read_tokens(reader, first, 700000) == tokens(first, 700000);
        reader.verify(t, 4);
      });
    }
  }
  EXPECT_EQ(good, (std::array{true, true, true, true}));
}

TEST(DatasetFile, ADamagedMegabyteIsNamedAndTheOthersAreRead) {
  const TemporaryFolder folder;
  write_example(folder / "a.h5");
  const std::uint64_t offset = DatasetReader(folder / "a.h5").large("train/tokens").offset;
  std::string bytes = read_bytes(folder / "a.h5");
  bytes[(2U << 20) + 5] ^= 1;
  write_bytes(folder / "a.h5", bytes);

  const DatasetReader reader(folder / "a.h5");

  EXPECT_EQ(read_tokens(reader, 0, 1000), tokens(0, 1000));
  const std::string sentence =
      sentence_of<InputError>([&] { read_tokens(reader, (2U << 20) - offset, 1); });
  EXPECT_NE(sentence.find("megabyte 2"), std::string::npos) << sentence;
  EXPECT_NO_THROW(reader.verify(0, 3));
  EXPECT_NO_THROW(reader.verify(1, 3));
  EXPECT_THROW(reader.verify(2, 3), InputError);
}

// A file that is overwritten in place while it is open: what was verified before is no longer
// there.
TEST(DatasetFile, WhatIsReadAgainIsCheckedAgain) {
  const TemporaryFolder folder;
  write_example(folder / "a.h5");
  const DatasetReader reader(folder / "a.h5");
  reader.verify(0, 1);
  const std::uint64_t offset = reader.large("train/tokens").offset;
  const std::uint64_t changed = (std::uint64_t{1} << 20) + 5000;  // in the second piece of 4,096
  std::string bytes = read_bytes(folder / "a.h5");
  bytes[changed] ^= 1;
  write_bytes(folder / "a.h5", bytes);

  const auto refused = [&](std::uint64_t begin, std::uint64_t end) {
    const std::string sentence =
        sentence_of<InputError>([&] { read_tokens(reader, begin - offset, end - begin); });
    EXPECT_NE(sentence.find("changed while it was read: bytes 1052672 to 1056768"),
              std::string::npos)
        << sentence;
  };
  refused(changed, changed + 1);
  refused(changed - 900, changed - 100);   // within the piece, without the byte
  refused(1052672, 1056768);               // the very piece
  refused(1052672 - 10, 1056768 + 10000);  // more than it
  EXPECT_EQ(read_tokens(reader, 1052672 - 5000 - offset, 5000),
            tokens(1052672 - 5000 - offset, 5000));
  EXPECT_EQ(read_tokens(reader, 1056768 - offset, 9000), tokens(1056768 - offset, 9000));
}

TEST(DatasetFile, NothingIsThereBeforeFinishAndNothingIsLeftWithoutIt) {
  const TemporaryFolder folder;
  {
    DatasetWriter writer(folder / "a.h5", example_small(), {{"x", ElementType::uint8, 3}});
    EXPECT_FALSE(std::filesystem::exists(folder / "a.h5"));
    EXPECT_THROW(writer.finish(), RunError);
  }
  EXPECT_EQ(folder.entries(), 0U);
}

TEST(DatasetFile, RefusesMoreThanWasDeclared) {
  const TemporaryFolder folder;
  DatasetWriter writer(folder / "a.h5", {}, {{"x", ElementType::int32, 1}});
  const std::array<std::byte, 8> bytes{};
  EXPECT_THROW(writer.append(0, bytes), RunError);
}

TEST(DatasetFile, WithoutLargeArrays) {
  const TemporaryFolder folder;
  DatasetWriter(folder / "a.h5", example_small(), {}).finish();
  const DatasetReader reader(folder / "a.h5");
  EXPECT_TRUE(reader.large_arrays().empty());
  EXPECT_NO_THROW(reader.verify(0, 1));
}

TEST(DatasetFile, ManySmallAndLargeArraysKeepTheLargeOnesLast) {
  const TemporaryFolder folder;
  NamedState small;
  std::vector<DatasetWriter::Large> large;
  for (int i = 0; i < 200; ++i) {
    small.put_scalar<std::int64_t>(fmt::format("small/x{}", i), i);
    large.push_back(
        {fmt::format("large{}/values", i), ElementType::uint8, static_cast<std::uint64_t>(i)});
  }
  DatasetWriter writer(folder / "a.h5", small, large);
  for (std::size_t i = 0; i < large.size(); ++i) {
    const auto values = tokens(i, i);
    writer.append(i, std::as_bytes(std::span(values)));
  }
  writer.finish();

  const DatasetReader reader(folder / "a.h5");

  EXPECT_EQ(reader.small().get_scalar<std::int64_t>("small/x199"), 199);
  for (std::size_t i = 0; i < large.size(); ++i) {
    std::vector<std::uint8_t> values(i);
    reader.read(reader.large(large[i].name), 0, i, std::as_writable_bytes(std::span(values)));
    EXPECT_EQ(values, tokens(i, i));
  }
}

// Computed by Python's hashlib from the description in io/dataset_layout.hpp.
TEST(DatasetFile, FingerprintIsAFunctionOfContentAlone) {
  const TemporaryFolder folder;
  const auto fingerprint = [&folder](const NamedState& small, const std::string& name,
                                     std::uint8_t value, bool in_pieces) {
    DatasetWriter writer(folder / "a.h5", small,
                         {{name, ElementType::uint8, 2}, {"b", ElementType::uint8, 1}});
    const std::array<std::uint8_t, 2> values{value, 9};
    const auto bytes = std::as_bytes(std::span(values));
    if (in_pieces) {
      writer.append(1, bytes.first(1));
      writer.append(0, bytes.first(1));
      writer.append(0, bytes.last(1));
    } else {
      writer.append(0, bytes);
      writer.append(1, bytes.first(1));
    }
    writer.finish();
    return DatasetReader(folder / "a.h5").fingerprint();
  };
  const std::string expected = fingerprint(example_small(), "a", 1, false);
  EXPECT_EQ(expected, "76e877723f7ebdd90dc7584226b33636fe670558129d9ff77b393cde555496da");
  EXPECT_EQ(expected, fingerprint(example_small(), "a", 1, true));
  EXPECT_NE(expected, fingerprint(example_small(), "c", 1, false));
  EXPECT_NE(expected, fingerprint(example_small(), "a", 2, false));
  NamedState other = example_small();
  other.texts["description"] += " ";
  EXPECT_NE(expected, fingerprint(other, "a", 1, false));
}

TEST(DatasetFile, IsNoCheckpoint) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "a.h5", {});
  const std::string sentence = sentence_of<InputError>([&] { DatasetReader(folder / "a.h5"); });
  EXPECT_NE(sentence.find("is a checkpoint; a data set is needed"), std::string::npos) << sentence;
}

TEST(DatasetFile, AFolderThatIsNotThereIsTheUsersMistake) {
  const TemporaryFolder folder;
  EXPECT_THROW(DatasetWriter(folder / "no/a.h5", {}, {}), InputError);
}

TEST(DatasetFile, AFullDiskLeavesTheOldFile) {
  const TemporaryFolder folder;
  write_example(folder / "a.h5");
  const std::string before = read_bytes(folder / "a.h5");
  const FailingDisk disk;
  file_system().pwrite = [](int file, const void* bytes, std::size_t size,
                            off_t offset) -> ssize_t {
    if (offset < 1000000) return ::pwrite(file, bytes, std::min<std::size_t>(size, 999), offset);
    errno = ENOSPC;
    return -1;
  };
  const std::string sentence = sentence_of<RunError>([&] { write_example(folder / "a.h5"); });
  EXPECT_NE(sentence.find("No space left"), std::string::npos) << sentence;
  EXPECT_EQ(read_bytes(folder / "a.h5"), before);
  EXPECT_EQ(folder.entries(), 1U);
}

TEST(DatasetFile, AWriteThatLosesABitIsFoundByReadingBack) {
  const TemporaryFolder folder;
  const FailingDisk disk;
  file_system().pwrite = [](int file, const void* bytes, std::size_t size, off_t offset) {
    std::string copy(static_cast<const char*>(bytes), size);
    if (size == 1000000) copy[77] = static_cast<char>(copy[77] ^ 4);
    return ::pwrite(file, copy.data(), size, offset);
  };
  const std::string sentence = sentence_of<RunError>([&] { write_example(folder / "a.h5"); });
  EXPECT_NE(sentence.find("reads back differently"), std::string::npos) << sentence;
  EXPECT_EQ(folder.entries(), 0U);
}

}  // namespace
}  // namespace rondo
