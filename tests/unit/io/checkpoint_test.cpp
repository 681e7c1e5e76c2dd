#include "rondo/io/checkpoint.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "rondo/core/hash.hpp"
#include "rondo/io/dataset_file.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

// One of everything that a run saves: each type, matrices, scalars, no elements, texts.
NamedState example_state() {
  NamedState state;
  const std::array<float, 6> weight{0.5F, -1, 2, 3, 4, 5};
  state.put<float>("parameters/rnn.weight_hh_l0", weight, {2, 3}).attributes["gates"] =
      "i, f, g, o";
  state.put<float>("parameters/rnn.bias_ih_l0", weight, {6}).attributes["empty"] = "";
  const std::array<double, 2> moments{1e-300, -0.0};
  state.put<double>("optimizer/m/rnn.bias_ih_l0", moments, {2});
  const std::array<std::int32_t, 3> tokens{-1, 0, 7};
  state.put<std::int32_t>("lanes/tokens", tokens, {3, 1});
  const std::array<std::uint8_t, 5> flags{0, 1, 2, 254, 255};
  state.put<std::uint8_t>("lanes/flags", flags, {5});
  state.put_scalar<std::int64_t>("counters/step", -5);
  state.put_scalar<std::uint64_t>("seed", 0xFFFFFFFFFFFFFFFFU);
  state.put<float>("lanes/none", {}, {0, 4});
  state.texts["configuration"] = "cell = lstm\nname = \xC3\xA9t\xC3\xA9\n";
  state.texts["empty"] = "";
  state.texts["large"] = std::string(200000, 'x') + "end";
  return state;
}

void expect_equal(const NamedState& one, const NamedState& other) {
  ASSERT_EQ(one.arrays().size(), other.arrays().size());
  for (const auto& [name, array] : one.arrays()) {
    const NamedArray& twin = other.get(name);
    EXPECT_EQ(array.type, twin.type) << name;
    EXPECT_EQ(array.shape, twin.shape) << name;
    EXPECT_EQ(array.bytes, twin.bytes) << name;
    EXPECT_EQ(array.attributes, twin.attributes) << name;
  }
  EXPECT_EQ(one.texts, other.texts);
}

TEST(Checkpoint, GivesBackTheStateThatWasWritten) {
  const TemporaryFolder folder;
  const NamedState state = example_state();

  write_checkpoint(folder / "a.h5", state);

  expect_equal(state, read_checkpoint(folder / "a.h5"));
  EXPECT_EQ(check_checkpoint(folder / "a.h5"), "");
  EXPECT_EQ(folder.entries(), 1U);
}

TEST(Checkpoint, AnEmptyStateIsAStateToo) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "a.h5", {});
  expect_equal({}, read_checkpoint(folder / "a.h5"));
}

TEST(Checkpoint, EqualStatesGiveEqualBytes) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "a.h5", example_state());
  ::usleep(1100000);  // a second later, so that a stored time would differ
  write_checkpoint(folder / "b.h5", example_state());
  EXPECT_EQ(read_bytes(folder / "a.h5"), read_bytes(folder / "b.h5"));
}

TEST(Checkpoint, ManyEntriesInManyGroups) {
  const TemporaryFolder folder;
  NamedState state;
  for (int i = 0; i < 300; ++i) {
    state.put_scalar<std::int32_t>(fmt::format("group{}/deep/x{}", i % 7, i), i);
    state.texts[fmt::format("text{}", i)] = std::to_string(i);
  }
  write_checkpoint(folder / "a.h5", state);
  expect_equal(state, read_checkpoint(folder / "a.h5"));
}

TEST(Checkpoint, RefusesNamesThatCannotStandInAFile) {
  const TemporaryFolder folder;
  for (const std::string name : {"", "/a", "a//b", "a/", "a/../b", ".", "texts/a"}) {
    NamedState state;
    state.put_scalar<float>(name, 1);
    EXPECT_THROW(write_checkpoint(folder / "a.h5", state), RunError) << name;
  }
  EXPECT_EQ(folder.entries(), 0U);
}

TEST(Checkpoint, FrontBlockIsPlainTextAndItsHashIsTheContents) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "a.h5", example_state());
  const std::string bytes = read_bytes(folder / "a.h5");
  const std::string content = bytes.substr(512);
  const std::string expected =
      fmt::format("rondo checkpoint\nformat 1\nlength {}\nsha256 {}\n", content.size(),
                  to_hex(sha256(std::as_bytes(std::span(content)))));
  EXPECT_EQ(bytes.substr(0, expected.size()), expected);
  EXPECT_EQ(bytes[511], '\n');
  EXPECT_EQ(content.substr(0, 4), "\x89HDF");
}

TEST(Checkpoint, SaysWhatAFileIsInstead) {
  const TemporaryFolder folder;
  const auto sentence = [&folder](const std::string& name) {
    const std::string reason = sentence_of<InputError>([&] { read_checkpoint(folder / name); });
    EXPECT_EQ(check_checkpoint(folder / name), reason);
    EXPECT_NE(reason.find((folder / name).string()), std::string::npos);
    return reason;
  };
  write_checkpoint(folder / "good", example_state());
  const std::string good = read_bytes(folder / "good");

  EXPECT_NE(sentence("missing").find("there is no file"), std::string::npos);

  std::filesystem::create_directory(folder / "folder");
  EXPECT_NE(sentence("folder").find("is a folder"), std::string::npos);

  write_bytes(folder / "empty", "");
  EXPECT_NE(sentence("empty").find("is empty"), std::string::npos);

  write_bytes(folder / "text", "What is this?\n");
  EXPECT_NE(sentence("text").find("is not a checkpoint of rondo's"), std::string::npos);

  DatasetWriter(folder / "dataset", {}, {}).finish();
  EXPECT_NE(sentence("dataset").find("is a data set; a checkpoint is needed"), std::string::npos);

  std::string newer = good;
  newer.replace(newer.find("format 1"), 8, "format 2");
  write_bytes(folder / "newer", newer);
  EXPECT_NE(sentence("newer").find("has format 2"), std::string::npos);

  write_bytes(folder / "short", good.substr(0, good.size() - 1));
  EXPECT_NE(sentence("short").find("truncated"), std::string::npos);

  write_bytes(folder / "long", good + "x");
  EXPECT_NE(sentence("long").find("damaged"), std::string::npos);
}

class CheckpointOnAFailingDisk : public testing::Test {
 protected:
  // Writing fails, names the file and the reason, and changes nothing.
  void expect_untouched(const std::string& reason) {
    const std::filesystem::path path = folder_ / "a.h5";
    const std::string before = read_bytes(path);
    NamedState other;
    other.put_scalar<float>("x", 1);
    const std::string sentence = sentence_of<RunError>([&] { write_checkpoint(path, other); });
    EXPECT_NE(sentence.find(path.string()), std::string::npos) << sentence;
    EXPECT_NE(sentence.find(reason), std::string::npos) << sentence;
    EXPECT_EQ(read_bytes(path), before);
    EXPECT_EQ(folder_.entries(), 1U);
  }
  void SetUp() override { write_checkpoint(folder_ / "a.h5", example_state()); }

  TemporaryFolder folder_;
  FailingDisk disk_;
};

TEST_F(CheckpointOnAFailingDisk, FullAtTheFirstByte) {
  file_system().pwrite = [](int, const void*, std::size_t, off_t) -> ssize_t {
    errno = ENOSPC;
    return -1;
  };
  expect_untouched("No space left");
}

TEST_F(CheckpointOnAFailingDisk, FullAfterAPart) {
  file_system().pwrite = [](int file, const void* bytes, std::size_t size,
                            off_t offset) -> ssize_t {
    if (offset + static_cast<off_t>(size) > 600)
      size = offset < 600 ? 600 - static_cast<std::size_t>(offset) : 0;
    if (size == 0) {
      errno = EDQUOT;
      return -1;
    }
    return ::pwrite(file, bytes, size, offset);
  };
  expect_untouched("quota");
}

TEST_F(CheckpointOnAFailingDisk, TakesNoMoreBytes) {
  file_system().pwrite = [](int, const void*, std::size_t, off_t) -> ssize_t { return 0; };
  expect_untouched("takes no more bytes");
}

TEST_F(CheckpointOnAFailingDisk, FlushFails) {
  file_system().fsync = [](int) {
    errno = EIO;
    return -1;
  };
  expect_untouched("Input/output error");
}

TEST_F(CheckpointOnAFailingDisk, CloseReportsLate) {
  file_system().close = [](int file) {
    ::close(file);
    errno = EIO;
    return -1;
  };
  expect_untouched("Input/output error");
}

TEST_F(CheckpointOnAFailingDisk, RenameFails) {
  file_system().rename = [](const char*, const char*) {
    errno = EROFS;
    return -1;
  };
  expect_untouched("Read-only");
}

TEST_F(CheckpointOnAFailingDisk, AWriteThatLosesABitIsFoundByReadingBack) {
  file_system().pwrite = [](int file, const void* bytes, std::size_t size, off_t offset) {
    std::string copy(static_cast<const char*>(bytes), size);
    if (offset >= 512) copy[size / 2] = static_cast<char>(copy[size / 2] ^ 4);
    return ::pwrite(file, copy.data(), size, offset);
  };
  expect_untouched("reads back differently");
}

TEST_F(CheckpointOnAFailingDisk, ShortWritesAndInterruptsAreGoneOnWith) {
  file_system().pwrite = [](int file, const void* bytes, std::size_t size,
                            off_t offset) -> ssize_t {
    static int calls = 0;
    if (++calls % 3 == 0) {
      errno = EINTR;
      return -1;
    }
    return ::pwrite(file, bytes, std::min<std::size_t>(size, 1000), offset);
  };
  write_checkpoint(folder_ / "a.h5", example_state());
  expect_equal(example_state(), read_checkpoint(folder_ / "a.h5"));
}

TEST_F(CheckpointOnAFailingDisk, ALostLockStopsTheRename) {
  const std::string before = read_bytes(folder_ / "a.h5");
  EXPECT_THROW(write_checkpoint(folder_ / "a.h5", {}, [] { throw_run("the lock is lost"); }),
               RunError);
  EXPECT_EQ(read_bytes(folder_ / "a.h5"), before);
  EXPECT_EQ(folder_.entries(), 1U);
}

TEST(Checkpoint, AFolderThatIsNotThereIsNamed) {
  const TemporaryFolder folder;
  const std::string sentence =
      sentence_of<RunError>([&] { write_checkpoint(folder / "no/a.h5", {}); });
  EXPECT_NE(sentence.find("no/a.h5"), std::string::npos);
}

}  // namespace
}  // namespace rondo
