#include "apps/again/verdict.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "rondo/core/grouped.hpp"

namespace rondo::apps {
namespace {

std::string counted(std::int64_t number, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(number), number == 1 ? one : many);
}

// Where between the two checks, as far as the reports tell.
std::string closer(const Verdict& verdict) {
  if (verdict.norm_different >= 0) {
    std::string other = fmt::format("; the gradient of step {} is another already",
                                    grouped(verdict.norm_different));
    if (verdict.norm_same < 0) return other;
    return other + fmt::format(", that of step {} still the same", grouped(verdict.norm_same));
  }
  if (verdict.norm_same < 0) return "";
  return fmt::format("; the gradient of step {} is still the same", grouped(verdict.norm_same));
}

}  // namespace

std::string on_ranks(Communicator& world) {
  const std::vector<std::string> all = hosts_of_ranks(world);
  const std::set<std::string> hosts(all.begin(), all.end());
  const std::string ranks = counted(world.size(), "rank", "ranks");
  return world.local_size() == world.size() ? fmt::format("on {} of this machine", ranks)
                                            : fmt::format("on {} of {} hosts", ranks, hosts.size());
}

std::string to_text(const Verdict& verdict, const std::string& where) {
  const std::string steps =
      fmt::format("steps {} to {}", grouped(verdict.begin), grouped(verdict.end));
  if (verdict.same()) {
    std::string compared = counted(verdict.digests, "digest", "digests");
    if (verdict.checkpoints > 0) {
      compared += " and " + counted(verdict.checkpoints, "checkpoint", "checkpoints");
    }
    return fmt::format("{}: the same, {} ({})\n", steps, where, compared);
  }
  const std::string last =
      verdict.last_same < 0
          ? "none before it is the same"
          : fmt::format("step {} is the last that is the same", grouped(verdict.last_same));
  return fmt::format("{}: different, {}: step {} is the first check that differs, {}{}\n", steps,
                     where, grouped(verdict.first_different), last, closer(verdict));
}

nlohmann::ordered_json to_json(const Verdict& verdict) {
  const auto step = [](std::int64_t number) {
    return number < 0 ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(number);
  };
  return {{"same", verdict.same()},
          {"from", verdict.begin},
          {"to", verdict.end},
          {"digests", verdict.digests},
          {"checkpoints", verdict.checkpoints},
          {"last_same", step(verdict.last_same)},
          {"first_different", step(verdict.first_different)},
          {"last_same_gradient", step(verdict.norm_same)},
          {"first_different_gradient", step(verdict.norm_different)}};
}

}  // namespace rondo::apps
