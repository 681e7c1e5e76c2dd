#include <gtest/gtest.h>

#include <filesystem>

#include "apps/doctor/hosts.hpp"
#include "apps/doctor/same_bits.hpp"
#include "apps/doctor/verdicts.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::apps::doctor {
namespace {

// Two healthy hosts, a and b, of four processors with two ranks of two threads each.
std::vector<RankFacts> healthy() {
  std::vector<RankFacts> ranks(4);
  for (int i = 0; i < 4; ++i) {
    RankFacts& rank = ranks[static_cast<std::size_t>(i)];
    rank.rank = i;
    rank.host = i < 2 ? "a" : "b";
    rank.processor = "a processor";
    rank.version = "1.0";
    rank.numerics = 1;
    rank.mpi = "an MPI library";
    rank.targets = {"avx512", "avx2"};
    rank.processors = i % 2 == 0 ? std::vector{0, 1} : std::vector{2, 3};
    rank.cores = 2;
    rank.online = 4;
    rank.threads = 2;
    rank.memory_total = rank.memory_available = std::uint64_t{64} << 30;
    rank.thread_peak = 1e11;
    rank.digest = "0123456789abcdef";
  }
  return ranks;
}

// A check's first finding and advice must hold these words.
void expect(const Check& check, Verdict verdict, const std::string& finding,
            const std::string& advice) {
  EXPECT_EQ(check.verdict, verdict) << check.name;
  ASSERT_FALSE(check.findings.empty()) << check.name;
  EXPECT_NE(check.findings[0].find(finding), std::string::npos) << check.findings[0];
  EXPECT_NE(check.advice.find(advice), std::string::npos) << check.advice;
}

TEST(Doctor, FindsNothingWrongWithHealthyHosts) {
  Facts facts;
  facts.ranks = healthy();
  facts.links = {{0, 2, "a", "b", 2e-5, 1.1e9}, {0, 1, "a", "a", 2e-7, 1e10}};
  facts.clocks = {{"b", 0.002}};
  facts.folder = {"/runs", "xfs", std::uint64_t{1} << 40, 5e8, true, ""};
  for (const Check& check : judge(facts)) {
    EXPECT_EQ(check.verdict, Verdict::good) << check.name;
    EXPECT_FALSE(check.findings.empty()) << check.name;
    EXPECT_EQ(check.advice, "") << check.name;
  }
}

TEST(Doctor, NamesTheRankWithAnotherProgram) {
  auto ranks = healthy();
  ranks[2].version = "0.9";
  expect(judge_programs(ranks), Verdict::bad, "rank 2 on b is rondo 0.9", "same build");
}

TEST(Doctor, SeesThreadsThatAreBoundToFewerCores) {
  auto ranks = healthy();
  ranks[3].processors = {3};
  ranks[3].cores = 1;
  expect(judge_cores(ranks), Verdict::warning,
         "rank 3 on b is bound to 1 processor and has 2 threads", "--map-by slot:pe=2");
}

TEST(Doctor, SeesMoreThreadsThanProcessors) {
  auto ranks = healthy();
  for (RankFacts& rank : ranks) rank.threads = 4;
  for (RankFacts& rank : ranks) rank.processors = {0, 1, 2, 3};
  for (RankFacts& rank : ranks) rank.cores = 4;
  expect(judge_cores(ranks), Verdict::warning, "a: 2 ranks with 8 threads in all, for 4",
         "fewer ranks a host");
  for (RankFacts& rank : ranks) rank.online = 16;
  expect(judge_cores(ranks), Verdict::warning, "for 4 processors", "the host has 16");
}

TEST(Doctor, SeesProcessorsThatMpirunLeavesIdle) {
  auto ranks = healthy();
  for (RankFacts& rank : ranks) rank.online = 16;
  EXPECT_EQ(judge_cores(ranks).verdict, Verdict::good) << "the host has more, the job may not";
  for (RankFacts& rank : ranks) rank.offered = 16;
  expect(judge_cores(ranks), Verdict::warning,
         "a: 2 ranks with 4 threads in all, bound to 4 of 16 processors", "--bind-to none");
}

TEST(Doctor, SeesAContainersLimit) {
  auto ranks = healthy();
  ranks[0].quota = 1.5;
  expect(judge_cores(ranks), Verdict::warning, "a may use 1.5 processors", "as many processors");
}

TEST(Doctor, NamesASlowHost) {
  auto ranks = healthy();
  RankFacts more = ranks[3];
  more.host = "c";
  ranks.push_back(more);
  ranks[2].thread_peak = 6e10;
  expect(judge_peaks(ranks), Verdict::warning, "b reaches 60 GFLOP/s a thread, the median host 100",
         "slowest host");
}

TEST(Doctor, NamesTheHostThatComputesOtherBits) {
  auto ranks = healthy();
  ranks[0].digest = "ffffffffffffffff";  // rank 0 is not right because it is the first
  const Check check = judge_bits(ranks);
  expect(check, Verdict::bad, "rank 0 on a (a processor) computes ffffffffffff", "leave this host");
  EXPECT_EQ(check.findings.size(), 1U);
}

TEST(Doctor, SeesDataThatIsMissingOrAnother) {
  auto ranks = healthy();
  for (RankFacts& rank : ranks) rank.data_fingerprint = "abcdef0123456789";
  EXPECT_EQ(judge_data(ranks).verdict, Verdict::good);
  ranks[3].data_fingerprint = "0000000000000000";
  expect(judge_data(ranks), Verdict::bad, "rank 3 on b has another data set", "copy");
  ranks[1].data_error = "book.rondo cannot be opened";
  expect(judge_data(ranks), Verdict::bad, "rank 1 on a: book.rondo cannot", "this path");
}

TEST(Doctor, SeesLittleMemoryAndClocksApart) {
  auto ranks = healthy();
  ranks[1].memory_available = std::uint64_t{600} << 20;  // of the host: for two ranks
  expect(judge_memory(ranks), Verdict::warning, "a has 0.6 GB free for 2 ranks", "--dry-run");
  expect(judge_clocks({{"b", 0.1}, {"c", -5}}), Verdict::warning, "c is 5.0 s behind", "chrony");
}

TEST(Doctor, NamesASlowLink) {
  const std::vector<Link> links = {
      {0, 2, "a", "b", 2e-5, 1.1e9}, {2, 4, "b", "c", 2e-5, 1.1e9}, {4, 0, "c", "a", 2e-5, 1e8}};
  expect(judge_links(links), Verdict::warning, "c to a: 100 MB/s each way, the median link 1100",
         "btl_tcp_if_include");
  expect(judge_links({{0, 1, "a", "b", 1e-4, 1.1e7}}), Verdict::warning, "a to b: 11 MB/s",
         "cable");
}

TEST(Doctor, SeesWhatTheRunsFolderLacks) {
  const FolderFacts good{"/runs", "xfs", std::uint64_t{1} << 40, 5e8, true, ""};
  EXPECT_EQ(judge_folder(good).verdict, Verdict::good);
  FolderFacts folder = good;
  folder.error = "/runs/x cannot be written: Permission denied";
  expect(judge_folder(folder), Verdict::bad, "Permission denied", "another --run");
  folder = good;
  folder.excludes = false;
  expect(judge_folder(folder), Verdict::bad, "create the same file", "another file system");
  folder = good;
  folder.file_system = "tmpfs";
  expect(judge_folder(folder), Verdict::warning, "in memory", "on a disk");
  folder = good;
  folder.free_bytes = 1 << 20;
  expect(judge_folder(folder), Verdict::warning, "0.00 GB free", "make room");
  folder = good;
  folder.flushed_bytes_per_second = 1e6;
  expect(judge_folder(folder), Verdict::warning, "takes 1.0 MB/s", "faster disk");
}

TEST(Doctor, TriesAFolderAndLeavesNothingThere) {
  const auto folder = std::filesystem::temp_directory_path() / "rondo-doctor-test";
  std::filesystem::create_directory(folder);
  const FolderFacts facts = try_folder(folder / "not" / "there", 1);
  EXPECT_EQ(facts.error, "");
  EXPECT_EQ(facts.path, std::filesystem::canonical(folder).string());
  EXPECT_TRUE(facts.excludes);
  EXPECT_GT(facts.flushed_bytes_per_second, 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove(folder);
}

TEST(Doctor, TheSmallTrainingHasTheSameBitsOnEveryTargetAndAnyThreads) {
  const auto digest = [](const std::string& target, int threads) {
    kernels::select_target(target);
    ThreadPool pool(threads, kernels::set_float_mode);
    return digest_of_small_training(pool);
  };
  const std::string plain = digest("reference", 1);
  for (const std::string& target : kernels::supported_targets()) {
    EXPECT_EQ(digest(target, 1), plain) << target;
    EXPECT_EQ(digest(target, 3), plain) << target;
  }
  kernels::select_target("auto");
}

TEST(Doctor, FirstRanksOfHostsAreInTheOrderOfRanks) {
  EXPECT_EQ(first_ranks({"a", "b", "a", "c", "b"}), (std::vector<int>{0, 1, 3}));
}

}  // namespace
}  // namespace rondo::apps::doctor
