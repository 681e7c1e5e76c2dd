// Who takes which member of a sweep: first come, first served.
//
// A claim is a file that one of several can make (O_CREAT | O_EXCL, as a run's lock), in a folder
// that each start of the sweep has for itself. So nobody has to answer who comes for work, no rank
// that computes and no thread beside it; and bits do not depend on who trains what. Should a claim
// be made twice all the same, by a rank out of reach, the member's own lock keeps the second out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "rondo/comm/communicator.hpp"

namespace rondo::apps {

class MemberClaims {
 public:
  // In a sweep's folder, for `members` of them. What an earlier start has left there goes.
  // InputError where the folder cannot be written, or is not the same for all ranks. Collective.
  MemberClaims(Communicator& world, const std::filesystem::path& folder, std::int64_t members);

  // The first member that nobody has taken, by its number; -1: there is none left. While it cannot
  // be written it says so and tries again, until `stops` says yes (-1).
  std::int64_t take(const std::function<bool()>& stops);

 private:
  // What rank 0 has made goes with it, also where another rank then refuses it.
  struct MadeFolder {
    MadeFolder() = default;
    ~MadeFolder();
    MadeFolder(const MadeFolder&) = delete;
    MadeFolder& operator=(const MadeFolder&) = delete;
    std::filesystem::path path;  // none on the other ranks
  };

  MadeFolder made_;
  std::filesystem::path folder_;
  const std::int64_t members_;
  std::int64_t next_ = 0;  // all before are taken
};

}  // namespace rondo::apps
