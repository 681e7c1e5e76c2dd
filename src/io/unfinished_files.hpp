// Files that are to go when a signal ends the process before they are what they shall be.
#pragma once

#include <cstddef>
#include <filesystem>

namespace rondo {

// Registers a name while this object is there: a file's, or that of a folder for such files. At
// most a few dozen at a time; those beyond are not registered, and may be left behind.
class UnfinishedFile {
 public:
  explicit UnfinishedFile(const std::filesystem::path& path);
  ~UnfinishedFile();
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

 private:
  std::size_t slot_;
};

// Removes what is registered, for handlers of signals: calls nothing that these may not.
void remove_unfinished_files();

// From now on a signal that would end this process (SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM,
// SIGUSR1, SIGUSR2, SIGXCPU) removes what is registered first, says so in one sentence, and ends
// the process then, so that whoever waits for it sees the signal. A signal that is ignored or has
// a handler already keeps it.
void clean_up_when_stopped();

}  // namespace rondo
