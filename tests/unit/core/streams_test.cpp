// Messages that nobody takes cost nothing but themselves; results that nobody takes are an error.
// In a process of its own each, since it is the standard streams that are broken.
#include "rondo/core/streams.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <functional>
#include <string>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// The exit code of a process in which `work` says whether all is well, 0 where it does; 128 and the
// signal's number where a signal ends it.
int in_child(const std::function<bool()>& work) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work() ? 0 : 1);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void redirect(int stream, const char* path) {
  const int file = ::open(path, O_WRONLY);
  ::dup2(file, stream);
  ::close(file);
}

void lose_reader(int stream) {
  int ends[2];
  if (::pipe(ends) != 0) ::_exit(2);
  ::dup2(ends[1], stream);
  ::close(ends[0]);
  ::close(ends[1]);
}

// What `work` throws as a RunError, or nothing.
std::string complaint(const std::function<void()>& work) {
  try {
    work();
  } catch (const RunError& error) {
    return error.what();
  }
  return "";
}

bool results_fail_with(const std::string& reason) {
  const std::string sentence = "standard output cannot be written: " + reason;
  return complaint([] {
           write_result("a result\n");
           flush_results();
         }) == sentence &&
         complaint(flush_results).starts_with("standard output cannot be written");
}

TEST(Streams, MessagesThatNobodyTakesAreLost) {
  EXPECT_EQ(in_child([] {
              guard_standard_streams();
              lose_reader(STDERR_FILENO);
              write_message("nobody reads this");
              redirect(STDERR_FILENO, "/dev/full");
              write_message("nor this");
              ::close(STDERR_FILENO);
              write_message_text("nor this\n");
              return true;
            }),
            0);
}

TEST(Streams, ResultsThatNobodyTakesAreAnError) {
  EXPECT_EQ(in_child([] {
              guard_standard_streams();
              redirect(STDOUT_FILENO, "/dev/full");
              return results_fail_with("No space left on device");
            }),
            0);
  EXPECT_EQ(in_child([] {
              guard_standard_streams();
              lose_reader(STDOUT_FILENO);
              return results_fail_with("Broken pipe");
            }),
            0);
}

// A message flushes what was printed before it, and may find out.
TEST(Streams, AResultLostBeforeAMessageIsAnErrorToo) {
  EXPECT_EQ(in_child([] {
              redirect(STDOUT_FILENO, "/dev/full");
              write_result("a result\n");
              redirect(STDERR_FILENO, "/dev/null");
              write_message("a message");
              return complaint(flush_results) ==
                     "standard output cannot be written: No space left on device";
            }),
            0);
}

TEST(Streams, AStreamThatWasClosedIsNoOtherFiles) {
  EXPECT_EQ(in_child([] {
              for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(stream);
              guard_standard_streams();
              const int file = ::open("/dev/null", O_RDWR);
              char byte = 0;
              return file > STDERR_FILENO && ::read(STDIN_FILENO, &byte, 1) < 0 &&
                     results_fail_with("Bad file descriptor");
            }),
            0);
}

TEST(Streams, OpenStreamsStayAsTheyAre) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_EQ(in_child([&] {
              ::dup2(ends[1], STDOUT_FILENO);
              ::dup2(ends[1], STDERR_FILENO);
              guard_standard_streams();
              write_result("a result, ");
              write_message("a message");
              return complaint(flush_results).empty();
            }),
            0);
  ::close(ends[1]);
  char text[64];
  const ssize_t size = ::read(ends[0], text, sizeof text);
  ::close(ends[0]);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(text, static_cast<std::size_t>(size)), "a result, a message\n");
}

}  // namespace
}  // namespace rondo
