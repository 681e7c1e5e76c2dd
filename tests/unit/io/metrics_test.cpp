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
  MetricsLog log(folder / "metrics.jsonl", 0);
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
  MetricsLog log(path, 20);
  log.append(line(21));
  EXPECT_EQ(read_bytes(path),
            "{\"step\": 10}\n{\"step\": 20}\n{\"note\": 1}\n"
            "{\"step\": 20, \"split\": \"validation\"}\n{\"step\":21}\n");
  EXPECT_EQ(folder.entries(), 1U);
}

TEST(MetricsLog, AFailedWriteIsReportedAndLeavesNoTornLine) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "metrics.jsonl";
  MetricsLog log(path, 0);
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
  }
  EXPECT_EQ(log.append(line(3)), "");
  EXPECT_EQ(read_bytes(path), "{\"step\":1}\n{\"step\":3}\n");
}

TEST(MetricsLog, AFolderThatIsNotThereIsTheUsersMistake) {
  const TemporaryFolder folder;
  EXPECT_THROW(MetricsLog(folder / "no/metrics.jsonl", 0), InputError);
}

}  // namespace
}  // namespace rondo
