#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>

#include "io/lock_holder.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/run_folder.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

// A lock that never becomes stale while a test runs.
RunLock::Options patient() {
  return {.wait = true, .advance_seconds = 0.05, .stale_seconds = 1000, .wait_seconds = 1000};
}

// A lock of another machine's process.
LockHolder elsewhere() {
  LockHolder holder = this_process();
  holder.host = "elsewhere";
  holder.boot_id = "another";
  return holder;
}

void write_lock(const TemporaryFolder& folder, const LockHolder& holder) {
  write_bytes(folder / "lock", format_lock(holder, 1));
}

// Takes the lock in another process and stays alive until killed.
pid_t hold_in_child(const TemporaryFolder& folder) {
  const pid_t child = ::fork();
  if (child == 0) {
    const RunLock lock(folder.path(), {});
    for (;;) ::pause();
  }
  while (!parse_lock(read_bytes(folder / "lock"))) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return child;
}

TEST(RunLock, MakesTheFolderAndRemovesTheLockAtItsEnd) {
  const TemporaryFolder folder;
  {
    const RunLock lock(folder / "a/run", {});
    EXPECT_NO_THROW(lock.check());
    EXPECT_TRUE(std::filesystem::exists(folder / "a/run/lock"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder / "a/run"));
}

TEST(RunLock, ALivingHolderIsNamedAndADeadOneSucceededAtOnce) {
  const TemporaryFolder folder;
  const pid_t child = hold_in_child(folder);

  const std::string sentence = sentence_of<InputError>([&] { RunLock(folder.path(), {}); });
  EXPECT_NE(sentence.find(fmt::format("process {} on host {}", child, host_name())),
            std::string::npos)
      << sentence;

  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const RunLock lock(folder.path(), {.wait = false, .advance_seconds = 0.05});
  EXPECT_NO_THROW(lock.check());
}

TEST(RunLock, AProcessNumberThatIsUsedAgainIsAnotherProcess) {
  const TemporaryFolder folder;
  LockHolder holder = this_process();
  holder.start_time -= 1;
  write_lock(folder, holder);
  EXPECT_NO_THROW(RunLock(folder.path(), {.advance_seconds = 0.05}));
}

TEST(RunLock, AnotherHostOrContainerIsNotKnownToBeDead) {
  const TemporaryFolder folder;
  LockHolder container = this_process();
  container.process = 1 << 30;
  container.pid_namespace = "pid:[1]";
  for (const LockHolder& holder : {elsewhere(), container}) {
    write_lock(folder, holder);
    EXPECT_THROW(RunLock(folder.path(), {}), InputError);
  }
}

TEST(RunLock, AStandingCounterIsTakenOverAfterAWhile) {
  const TemporaryFolder folder;
  write_lock(folder, elsewhere());
  RunLock::Options options = patient();
  options.stale_seconds = 0.3;
  const RunLock lock(folder.path(), options);
  EXPECT_NO_THROW(lock.check());
}

TEST(RunLock, ATornLockIsTakenOverAfterAWhile) {
  const TemporaryFolder folder;
  write_bytes(folder / "lock", "{\"host\":");
  EXPECT_THROW(RunLock(folder.path(), {}), InputError);
  RunLock::Options options = patient();
  options.stale_seconds = 0.3;
  const RunLock lock(folder.path(), options);
  EXPECT_NO_THROW(lock.check());
}

TEST(RunLock, AFileOfSomebodyElsesIsLeftAlone) {
  const TemporaryFolder folder;
  write_bytes(folder / "lock", "on the front door\n");
  RunLock::Options options = patient();
  options.stale_seconds = 0.01;
  EXPECT_THROW(RunLock(folder.path(), options), InputError);
  EXPECT_EQ(read_bytes(folder / "lock"), "on the front door\n");
  write_bytes(folder / "lock", std::string(40, '\0'));  // after a power loss
  EXPECT_NO_THROW(RunLock(folder.path(), options));
}

TEST(RunLock, AnAdvancingCounterIsNeverTakenOver) {
  const TemporaryFolder folder;
  const RunLock holder(folder.path(), patient());
  RunLock::Options options = patient();
  options.stale_seconds = 2;
  options.wait_seconds = 2.5;
  const std::string sentence = sentence_of<InputError>([&] { RunLock(folder.path(), options); });
  EXPECT_NE(sentence.find("still in use"), std::string::npos) << sentence;
  EXPECT_NO_THROW(holder.check());
}

TEST(RunLock, AWaitingRunCanBeStopped) {
  const TemporaryFolder folder;
  const RunLock holder(folder.path(), patient());
  RunLock::Options options = patient();
  int asked = 0;
  options.stop = [&] { return ++asked == 3; };
  try {
    const RunLock lock(folder.path(), options);
    FAIL() << "the lock was taken from its holder";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::stopped);
    EXPECT_NE(std::string(error.what()).find("stopped while waiting"), std::string::npos)
        << error.what();
  }
  EXPECT_NO_THROW(holder.check());
}

TEST(RunLock, AWaitingRunGetsTheLockWhenItIsReleased) {
  const TemporaryFolder folder;
  auto holder = std::make_unique<RunLock>(folder.path(), patient());
  std::atomic<bool> acquired = false;
  {
    const std::jthread waiting([&] {
      const RunLock lock(folder.path(), patient());
      lock.check();
      acquired = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_FALSE(acquired);
    holder.reset();
  }
  EXPECT_TRUE(acquired);
}

// The environment's variables tell of the job and of the start's number.
void expect_later_starts_succeed(JobStart LockHolder::*start, const char* job_variable,
                                 const char* number_variable) {
  LockHolder holder = elsewhere();
  holder.*start = {"4711", 1};
  const auto succeeds = [&](const char* job, const char* number) {
    ::setenv(job_variable, job, 1);
    ::setenv(number_variable, number, 1);
    const LockHolder self = this_process();
    ::unsetenv(job_variable);
    ::unsetenv(number_variable);
    return is_succeeded_by(*parse_lock(format_lock(holder, 3)), self);
  };
  EXPECT_TRUE(succeeds("4711", "2"));
  EXPECT_FALSE(succeeds("4711", "1"));
  EXPECT_FALSE(succeeds("4711", ""));
  EXPECT_FALSE(succeeds("4712", "2"));
  EXPECT_FALSE(succeeds("", "2"));
}

TEST(RunLock, ALaterStartOfTheSameSlurmJobSucceedsAtOnce) {
  expect_later_starts_succeed(&LockHolder::slurm, "SLURM_JOB_ID", "SLURM_RESTART_COUNT");
}

TEST(RunLock, ALaterStartByTheSameRondoRunSucceedsAtOnce) {
  expect_later_starts_succeed(&LockHolder::rondo_run, "RONDO_RUN_JOB", "RONDO_RUN_START");
}

TEST(RunLock, ALostLockIsNoticedAndLeftAlone) {
  const TemporaryFolder folder;
  {
    const RunLock lock(folder.path(), {.advance_seconds = 0.02});
    // As a run does that takes over: by renaming its own lock over this one.
    write_bytes(folder / "other", format_lock(elsewhere(), 1));
    std::filesystem::rename(folder / "other", folder / "lock");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_THROW(lock.check(), LostLock);
    write_lock(folder, elsewhere());
  }
  const auto holder = parse_lock(read_bytes(folder / "lock"));
  ASSERT_TRUE(holder.has_value());
  EXPECT_EQ(holder->host, "elsewhere");
}

TEST(RunLock, AFolderOrALockThatWasRemovedIsMadeAgain) {
  const TemporaryFolder folder;
  const std::filesystem::path run = folder / "a/run";
  {
    RunLock lock(run, {.advance_seconds = 0.02});
    EXPECT_FALSE(lock.recover());
    for (const char* removed : {"a", "a/run/lock"}) {
      std::filesystem::remove_all(folder / removed);
      const std::string sentence = sentence_of<RunError>([&] { lock.check(); });
      EXPECT_NE(sentence.find("is gone"), std::string::npos) << sentence;
      EXPECT_TRUE(lock.recover());
      EXPECT_NO_THROW(lock.check());
      EXPECT_THROW(RunLock(run, {}), InputError);
      // It is in use: its counter goes on.
      const std::string before = read_bytes(run / "lock");
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      EXPECT_NE(read_bytes(run / "lock"), before);
    }
  }
  EXPECT_TRUE(std::filesystem::is_empty(run));
}

TEST(RunLock, AFolderThatAnotherRunMadeAgainIsTheOthers) {
  const TemporaryFolder folder;
  RunLock lock(folder / "run", {.advance_seconds = 0.02});
  std::filesystem::remove_all(folder / "run");
  const RunLock other(folder / "run", {.advance_seconds = 0.02});
  EXPECT_THROW(lock.check(), LostLock);
  EXPECT_THROW(lock.recover(), LostLock);
  EXPECT_NO_THROW(other.check());
}

// A run that stood still for so long may have missed a whole other run in its folder.
TEST(RunLock, AMissingLockThatWasLastSeenTooLongAgoIsLost) {
  const TemporaryFolder folder;
  RunLock lock(folder.path(), {.advance_seconds = 1000, .stale_seconds = 0.2});
  std::filesystem::remove(folder / "lock");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_THROW(lock.check(), LostLock);
  EXPECT_THROW(lock.recover(), LostLock);
  EXPECT_FALSE(std::filesystem::exists(folder / "lock"));
}

TEST(RunLock, ALockThatCannotBeReadIsNotLost) {
  const TemporaryFolder folder;
  RunLock lock(folder / "run", {});
  std::filesystem::rename(folder / "run", folder / "away");
  write_bytes(folder / "run", "");  // not a folder: its lock cannot be asked for
  try {
    lock.recover();
    ADD_FAILURE() << "no error was thrown";
  } catch (const LostLock&) {
    ADD_FAILURE() << "lost";
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find("Not a directory"), std::string::npos);
  }
  std::filesystem::remove(folder / "run");
  std::filesystem::rename(folder / "away", folder / "run");
  EXPECT_NO_THROW(lock.check());
}

TEST(RunLock, OfManyThatTakeOverAtOnceOneHasIt) {
  const TemporaryFolder folder;
  write_lock(folder, elsewhere());
  std::array<std::unique_ptr<RunLock>, 6> locks;
  {
    std::vector<std::jthread> threads;
    for (auto& lock : locks) {
      threads.emplace_back([&folder, &lock] {
        try {
          lock = std::make_unique<RunLock>(
              folder.path(),
              RunLock::Options{
                  .wait = true, .advance_seconds = 0.5, .stale_seconds = 1, .wait_seconds = 2});
        } catch (const InputError&) {
          // Another one has it.
        }
      });
    }
  }
  int holders = 0;
  for (const auto& lock : locks) {
    if (!lock) continue;
    try {
      lock->check();
      ++holders;
    } catch (const RunError&) {
      // Taken over by a slower one.
    }
  }
  EXPECT_EQ(holders, 1);
}

TEST(RunLock, AFolderThatCannotBeMadeOrWrittenIsTheUsersMistake) {
  const TemporaryFolder folder;
  write_bytes(folder / "file", "");
  EXPECT_THROW(RunLock(folder / "file", {}), InputError);
  EXPECT_THROW(RunLock(folder / "file/run", {}), InputError);
  EXPECT_THROW(RunLock("/proc/1", {}), InputError);
}

}  // namespace
}  // namespace rondo
