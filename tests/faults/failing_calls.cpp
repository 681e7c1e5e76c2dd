// To be loaded before the system's library (LD_PRELOAD): system calls on the files of one folder
// fail as a test asks for. A file `faults` beside the folder has a line "CALL ERRNO" for each call
// that fails now, or "CALL -MILLISECONDS" for one that takes so long and then works; without the
// file, none does. CALL: pwrite, fsync, rename, or open (of a file that is there, not a temporary
// one). Locks always fail with ENOLCK, as on NFS without a lock server,
// and each time a line is added to `locks`, beside the folder too.
//
// RONDO_TEST_FOLDER names the folder, without symbolic links; the files' names are its name with
// ".faults" and ".locks" behind it.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

namespace {

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::string folder() {
  const char* name = std::getenv("RONDO_TEST_FOLDER");
  return name == nullptr ? "" : name;
}

bool is_within(std::string_view path) {
  const std::string prefix = folder() + "/";
  return prefix.size() > 1 && path.starts_with(prefix);
}

// By path: the folder as the program was given it, or resolved.
bool is_ours(const char* path) {
  if (path[0] == '/') return is_within(path);
  char current[PATH_MAX];
  return ::getcwd(current, sizeof current) != nullptr &&
         is_within(std::string(current) + "/" + path);
}

bool is_ours(int file) {
  char path[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = ::readlink(link.c_str(), path, sizeof path);
  return size > 0 && is_within(std::string_view(path, static_cast<std::size_t>(size)));
}

// The error that `call` is to fail with now, after the time that it is to take; 0: none.
int fault(const char* call) {
  const int saved = errno;
  std::FILE* file = std::fopen((folder() + ".faults").c_str(), "re");
  int error = 0;
  if (file != nullptr) {
    char name[32];
    int number = 0;
    while (std::fscanf(file, "%31s %d", name, &number) == 2) {
      if (std::string_view(name) == call) error = number;
    }
    std::fclose(file);
  }
  if (error < 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(-error));
    error = 0;
  }
  errno = error != 0 ? error : saved;
  return error;
}

int refuse_lock() {
  if (std::FILE* file = std::fopen((folder() + ".locks").c_str(), "ae")) {
    std::fputs("a lock was asked for\n", file);
    std::fclose(file);
  }
  errno = ENOLCK;
  return -1;
}

int open_file(const char* path, int flags, mode_t mode) {
  if ((flags & (O_CREAT | O_DIRECTORY)) == 0 && !std::string_view(path).ends_with(".tmp") &&
      is_ours(path) && fault("open") != 0) {
    return -1;
  }
  return next<int(const char*, int, ...)>("open")(path, flags, mode);
}

int control_file(int file, int command, void* argument) {
  const bool locks = command == F_SETLK || command == F_SETLKW || command == F_GETLK ||
                     command == F_OFD_SETLK || command == F_OFD_SETLKW || command == F_OFD_GETLK;
  if (locks && is_ours(file)) return refuse_lock();
  return next<int(int, int, ...)>("fcntl")(file, command, argument);
}

}  // namespace

extern "C" {

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  if (is_ours(file) && fault("pwrite") != 0) return -1;
  return next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(file, bytes, size, offset);
}

int fsync(int file) {
  if (is_ours(file) && fault("fsync") != 0) return -1;
  return next<int(int)>("fsync")(file);
}

int rename(const char* from, const char* to) noexcept {
  if (is_ours(to) && fault("rename") != 0) return -1;
  return next<int(const char*, const char*)>("rename")(from, to);
}

int flock(int file, int operation) noexcept {
  if (is_ours(file)) return refuse_lock();
  return next<int(int, int)>("flock")(file, operation);
}

// Both names are in use: programs that were built for large files on other systems have the second.
int open(const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_file(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_file(path, flags, mode);
}
int fcntl(int file, int command, ...) {
  std::va_list rest;
  va_start(rest, command);
  void* argument = va_arg(rest, void*);
  va_end(rest);
  return control_file(file, command, argument);
}
int fcntl64(int file, int command, ...) {
  std::va_list rest;
  va_start(rest, command);
  void* argument = va_arg(rest, void*);
  va_end(rest);
  return control_file(file, command, argument);
}
}
