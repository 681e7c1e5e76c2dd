// Standard output and standard error of a program that outlives their readers: a pipe's reader may
// end, a terminal be closed, the disk behind a log be full, a stream be closed from the start.
//
// Messages go to standard error, and one that cannot be written is lost; no more than that comes of
// it. Results go to standard output, and one that cannot be written is an error.
#pragma once

#include <string>
#include <string_view>

namespace rondo {

// The first thing that main does. A standard stream that is closed is opened as one that cannot be
// read or written, so that no file of the program's takes its number and gets its messages. A pipe
// without a reader is from now on a failed write (EPIPE), not the process's end; programs that it
// starts meet SIGPIPE as usual.
void guard_standard_streams();

// One line, in one write, so that the lines of several ranks do not mix. Never fails.
void write_message(std::string_view line) noexcept;
// The same for text that has its own line ends, or none yet.
void write_message_text(std::string_view text) noexcept;

// While it lives, messages that begin with "rondo: " name behind that what they speak of, where the
// process has several things to do one after the other. One at a time; any thread may write.
class MessageSubject {
 public:
  explicit MessageSubject(std::string subject);
  ~MessageSubject();
  MessageSubject(const MessageSubject&) = delete;
  MessageSubject& operator=(const MessageSubject&) = delete;
};

// RunError if the result, or one before it, cannot be written; many a stream tells only when it is
// flushed.
void write_result(std::string_view text);
// Whatever was written has left the process, or RunError. Also what a server reports late.
void flush_results();

}  // namespace rondo
