#include "apps/sweep/member_claims.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <thread>

#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = ".taken-";

void remove_left_over(const fs::path& sweep) {
  std::error_code ignored;  // what stays is in nobody's way
  for (const fs::directory_entry& entry : fs::directory_iterator(sweep, ignored)) {
    if (!entry.path().filename().string().starts_with(prefix)) continue;
    std::error_code failed;
    fs::remove_all(entry.path(), failed);
  }
}

fs::path make_folder(const fs::path& sweep) {
  remove_left_over(sweep);
  fs::path folder = sweep / (std::string(prefix) + random_token());
  std::error_code error;
  if (!fs::create_directory(folder, error)) {
    throw_input("cannot write in the sweep's folder '{}': {}", sweep.string(), error.message());
  }
  return folder;
}

}  // namespace

MemberClaims::MemberClaims(Communicator& world, const fs::path& folder, std::int64_t members)
    : members_(members) {
  phase(world, [&] {
    if (world.rank() == 0) made_.path = make_folder(folder);
  });
  std::string path = made_.path.string();
  broadcast(world, path, 0);
  folder_ = path;
  phase(world, [&] {
    if (is_folder(folder_)) return;
    throw_input(
        "'{}' is not there, which rank 0 has made: a sweep's folder must be one that all "
        "hosts share",
        folder_.string());
  });
}

MemberClaims::MadeFolder::~MadeFolder() {
  if (path.empty()) return;
  std::error_code ignored;  // the next start removes it
  fs::remove_all(path, ignored);
}

std::int64_t MemberClaims::take(const std::function<bool()>& stops) {
  constexpr std::chrono::milliseconds look(200);
  constexpr int looks_between_words = 150;  // half a minute
  for (int failures = 0; next_ < members_;) {
    const fs::path claim = folder_ / std::to_string(next_);
    const int file = ::open(claim.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    const int error = errno;
    if (file >= 0) {
      ::close(file);
      return next_++;
    }
    if (error == EEXIST) {
      ++next_;
      continue;
    }
    if (stops()) return -1;
    if (failures++ % looks_between_words == 0) {
      say(fmt::format("cannot take the next member, '{}': {}; it is tried again and again",
                      claim.string(), system_reason(error)));
    }
    std::this_thread::sleep_for(look);
  }
  return -1;
}

}  // namespace rondo::apps
