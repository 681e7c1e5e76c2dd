#include "rondo/io/metrics.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>

#include "rondo/core/errors.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

MetricsLine line(std::int64_t step) { return {{{"step", step}}}; }

TEST(MetricsLog, WritesALineAReportInTheOrderGiven) {
  const TemporaryFolder folder;
  MetricsLog log(folder / "metrics.jsonl", 0, 0);
  EXPECT_EQ(log.append({{{"step", std::int64_t{1}},
                         {"split", std::string("train\"\n\xFF")},
                         {"loss", 0.1},
                         {"epoch", 1.0},
                         {"gradient_norm", std::nan("")}}}),
            "");
  EXPECT_EQ(log.append({}), "");
  EXPECT_EQ(read_bytes(folder / "metrics.jsonl"),
            "{\"step\":1,\"split\":\"train\\\"\\n\xEF\xBF\xBD\",\"loss\":0.1,\"epoch\":1.0,"
            "\"gradient_norm\":null}\n{}\n");
}

TEST(MetricsLog, ResumingCutsOffStepsThatAreDoneAgainAndATornLine) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "metrics.jsonl";
  write_bytes(path,
              "{\"step\": 10}\n{\"step\": 20}\nnonsense\n{\"note\": 1}\n{\"step\": 30}\n"
              "{\"step\": 20, \"split\": \"validation\"}\n{\"step\": 2");
  MetricsLog log(path, 20, 20);
  log.append(line(21));
  EXPECT_EQ(read_bytes(path),
            "{\"step\": 10}\n{\"step\": 20}\n{\"note\": 1}\n"
            "{\"step\": 20, \"split\": \"validation\"}\n{\"step\":21}\n");
  EXPECT_EQ(folder.entries(), 1U);
}

// A run that was killed in the validation of step 20, or behind it, makes it again.
TEST(MetricsLog, ResumingCutsOffValidationsThatAreDoneAgain) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "metrics.jsonl";
  const std::string kept =
      "{\"step\": 10, \"split\": \"validation\"}\n{\"step\": 20, \"split\": \"train\"}\n";
  write_bytes(path, kept + "{\"step\": 20, \"split\": \"validation\"}\n");
  const MetricsLog log(path, 20, 10);
  EXPECT_EQ(read_bytes(path), kept);
}

TEST(MetricsLog, AFailedWriteIsReportedAndItsLineWaitsForTheNext) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "metrics.jsonl";
  MetricsLog log(path, 0, 0);
  log.append(line(1));
  {
    const FailingDisk disk;
    file_system().pwrite = [](int file, const void* bytes, std::size_t size,
                              off_t offset) -> ssize_t {
      if (size > 3) return ::pwrite(file, bytes, size - 3, offset);
      errno = ENOSPC;
      return -1;
    };
    EXPECT_NE(log.append(line(222222)).find("No space left"), std::string::npos);
    EXPECT_EQ(read_bytes(path), "{\"step\":1}\n");
    EXPECT_NE(log.write().find("No space left"), std::string::npos);
  }
  EXPECT_EQ(log.append(line(3)), "");
  EXPECT_EQ(read_bytes(path), "{\"step\":1}\n{\"step\":222222}\n{\"step\":3}\n");
  EXPECT_EQ(log.lost(), 0);
}

TEST(MetricsLog, LinesThatWaitAreBoundedAndWhatIsLostIsCounted) {
  const TemporaryFolder folder;
  MetricsLog log(folder / "metrics.jsonl", 0, 0);
  const MetricsLine large{{{"text", std::string(1 << 20, 'x')}}};
  for (int i = 0; i < 20; ++i) log.hold(large);
  EXPECT_EQ(log.lost(), 5);
  EXPECT_EQ(log.write(), "");
  EXPECT_GT(std::filesystem::file_size(folder / "metrics.jsonl"), 15U << 20);
}

TEST(MetricsLog, AFileThatWasRemovedOrReplacedBeginsAnew) {
  const TemporaryFolder folder;
  const std::filesystem::path run = folder / "run", path = run / "metrics.jsonl";
  std::filesystem::create_directory(run);
  MetricsLog log(path, 0, 0);
  EXPECT_EQ(log.append(line(1)), "");
  std::filesystem::remove_all(run);
  EXPECT_NE(log.append(line(2)).find("No such file"), std::string::npos);
  std::filesystem::create_directory(run);
  EXPECT_EQ(log.append(line(3)), "");
  EXPECT_EQ(read_bytes(path), "{\"step\":2}\n{\"step\":3}\n");

  write_bytes(folder / "another", "{}\n");
  std::filesystem::rename(folder / "another", path);
  EXPECT_EQ(log.append(line(4)), "");
  EXPECT_EQ(read_bytes(path), "{}\n{\"step\":4}\n");
}

TEST(MetricsLog, AFolderThatIsNotThereIsTheUsersMistake) {
  const TemporaryFolder folder;
  EXPECT_THROW(MetricsLog(folder / "no/metrics.jsonl", 0, 0), InputError);
}

}  // namespace
}  // namespace rondo
