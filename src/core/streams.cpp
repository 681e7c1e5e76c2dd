#include "rondo/core/streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

void on_broken_pipe(int) {}  // the write's own error tells

std::atomic<int> unwritten{0};  // why standard output could not be flushed before a message

std::mutex subject_mutex;
std::string subject;  // of the messages; empty: they name none

std::string with_subject(std::string_view text) {
  constexpr std::string_view speaker = "rondo: ";
  const std::lock_guard lock(subject_mutex);
  if (subject.empty() || !text.starts_with(speaker)) return std::string(text);
  return std::string(speaker).append(subject).append(": ").append(text.substr(speaker.size()));
}

[[noreturn]] void throw_unwritten(int error) {
  if (error == 0) error = unwritten != 0 ? unwritten.load() : EIO;
  throw_run("standard output cannot be written: {}", std::strerror(error));
}

}  // namespace

void guard_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this one's: those before it are open by now.
    const int mode = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", mode) < 0) ::open("/", O_RDONLY);
  }
  // Not SIG_IGN, which programs inherit.
  struct sigaction action = {};
  action.sa_handler = on_broken_pipe;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGPIPE, &action, nullptr);
}

void write_message(std::string_view line) noexcept {
  try {
    std::string text(line);
    text += '\n';
    write_message_text(text);
  } catch (...) {
    // No memory for a copy: the message is lost.
  }
}

void write_message_text(std::string_view text) noexcept {
  try {
    const std::string named = with_subject(text);
    // What was printed before it comes before it.
    if (std::fflush(stdout) != 0) unwritten = errno;
    std::fwrite(named.data(), 1, named.size(), stderr);
    std::fflush(stderr);
  } catch (...) {
    // No memory for a copy: the message is lost.
  }
}

MessageSubject::MessageSubject(std::string name) {
  const std::lock_guard lock(subject_mutex);
  subject = std::move(name);
}

MessageSubject::~MessageSubject() {
  const std::lock_guard lock(subject_mutex);
  subject.clear();
}

void write_result(std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::ferror(stdout) != 0) {
    throw_unwritten(errno);
  }
}

void flush_results() {
  errno = 0;
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw_unwritten(errno);
  // A server's disk may be found full only when a file is closed.
  const int copy = ::dup(STDOUT_FILENO);
  if (copy >= 0 && ::close(copy) != 0 && errno != EINTR) throw_unwritten(errno);
}

}  // namespace rondo
