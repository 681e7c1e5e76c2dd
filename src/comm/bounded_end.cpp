#include "comm/bounded_end.hpp"

#include <sys/socket.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <utility>

#include "rondo/core/streams.hpp"

namespace rondo {
namespace {

using std::chrono::seconds;

bool is_connection_between_hosts(int descriptor) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as sockets are asked
  return getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
         (peer.ss_family == AF_INET || peer.ss_family == AF_INET6);
}

// MPICH's launchers name the connection that a rank asks them by.
bool is_started_by_mpich() { return std::getenv("PMI_FD") != nullptr; }

void cut_connections(const std::set<int>& inherited) {
  for (const int descriptor : open_descriptors()) {
    if (!inherited.contains(descriptor) && is_connection_between_hosts(descriptor)) {
      shutdown(descriptor, SHUT_RDWR);
    }
  }
}

}  // namespace

std::set<int> open_descriptors() {
  std::set<int> open;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    open.insert(std::atoi(entry.path().filename().c_str()));
  }
  return open;
}

std::jthread bound_the_end(bool says, int code, std::set<int> inherited) {
  return std::jthread([code, says, inherited = std::move(inherited)](const std::stop_token& over) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    const auto is_over_within = [&](seconds time) {
      never.wait_for(lock, over, time, [] { return false; });
      return over.stop_requested();
    };
    if (is_over_within(seconds(10))) return;
    if (is_started_by_mpich()) cut_connections(inherited);
    if (is_over_within(seconds(says ? 5 : 7))) return;
    if (says) {
      write_message("rondo: MPI does not come to its end; all work is done, so it ends here");
    }
    std::_Exit(code);
  });
}

}  // namespace rondo
