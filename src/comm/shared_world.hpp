// What ranks that are threads of one process share. Everything lies behind one mutex, so that the
// tests that run on it can be read by the thread sanitizer.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {

// Whose messages meet: of one rank to another, on a channel of their transfers or on none.
struct Route {
  int from = 0;
  int to = 0;
  int channel = no_channel;
  static constexpr int no_channel = -1;
  auto operator<=>(const Route&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
};

// One set of messages and meetings, of all ranks or some; duplicate() and split() make another.
struct Group {
  explicit Group(std::vector<int> of) : members(std::move(of)), brought(members.size()) {}
  // The world's number of one of its ranks.
  std::size_t member(int rank) const {
    return static_cast<std::size_t>(members[static_cast<std::size_t>(rank)]);
  }

  const std::vector<int> members;  // the world's numbers of its ranks
  std::map<Route, std::deque<std::vector<std::byte>>> mailboxes;
  std::vector<std::vector<std::byte>> brought;  // by each rank to the current meeting
  int arrived = 0;
  std::uint64_t meetings = 0;
};

// What the ranks share. A rank's number is that in its group. Each rank's threads wait on that
// rank's own condition, so that a message wakes its receiver alone.
class SharedWorld {
 public:
  explicit SharedWorld(int ranks)
      : changed_(static_cast<std::size_t>(ranks)), returned_(static_cast<std::size_t>(ranks)) {
    std::vector<int> all(static_cast<std::size_t>(ranks));
    std::iota(all.begin(), all.end(), 0);
    groups_.emplace_back(std::move(all));
  }
  int size(std::size_t group) {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(groups_[group].members.size());
  }

  void post(std::size_t group, Route route, std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    throw_if_failed();
    Group& here = groups_[group];
    here.mailboxes[route].emplace_back(bytes.begin(), bytes.end());
    changed_[here.member(route.to)].notify_all();
  }

  // Takes the next message of a route, and whether there was one: always, where this `waits`.
  bool take(std::size_t group, Route route, std::span<std::byte> bytes, bool waits) {
    std::unique_lock lock(mutex_);
    Group& here = groups_[group];
    auto& mailbox = here.mailboxes[route];
    while (mailbox.empty()) {
      throw_if_failed();
      if (returned_[here.member(route.from)]) {
        throw_run("rank {} waits for a message of rank {}, which has returned", route.to,
                  route.from);
      }
      if (!waits) return false;
      changed_[here.member(route.to)].wait(lock);
    }
    const std::vector<std::byte> message = std::move(mailbox.front());
    mailbox.pop_front();
    if (message.size() != bytes.size()) {
      throw_run("rank {} expects {} bytes of rank {}, which sent {}", route.to, bytes.size(),
                route.from, message.size());
    }
    std::copy(message.begin(), message.end(), bytes.begin());
    return true;
  }

  // Waits until all ranks of a group are here.
  void meet(std::size_t group, int rank) {
    std::unique_lock lock(mutex_);
    throw_if_failed();
    Group& here = groups_[group];
    const std::uint64_t meeting = here.meetings;
    if (++here.arrived == static_cast<int>(here.members.size())) {
      here.arrived = 0;
      ++here.meetings;
      wake_all();
    }
    while (here.meetings == meeting) {
      throw_if_failed();
      for (int other = 0; other < static_cast<int>(here.members.size()); ++other) {
        if (!returned_[here.member(other)]) continue;
        throw_run("a rank waits for all others, but one of them has returned");
      }
      changed_[here.member(rank)].wait(lock);
    }
  }

  // Every rank brings bytes and gets what all ranks brought, in rank order. They are copies: a rank
  // that unwinds, because another one has failed, takes its own buffers with it.
  std::vector<std::vector<std::byte>> meet_with(std::size_t group, int rank,
                                                std::span<const std::byte> bytes) {
    {
      const std::lock_guard lock(mutex_);
      groups_[group].brought[static_cast<std::size_t>(rank)].assign(bytes.begin(), bytes.end());
    }
    meet(group, rank);
    std::vector<std::vector<std::byte>> all;
    {
      const std::lock_guard lock(mutex_);
      all = groups_[group].brought;
    }
    meet(group, rank);  // nobody brings the next thing before all have read this one
    return all;
  }

  // The group of some ranks of another one. The n-th that one of them derives is the n-th of each:
  // collective calls are in order.
  std::size_t derived_group(std::size_t parent, int nth, const std::vector<int>& ranks) {
    const std::lock_guard lock(mutex_);
    const auto [place, is_new] = derived_.try_emplace({parent, nth, ranks.front()}, groups_.size());
    if (is_new) {
      std::vector<int> members;
      for (const int rank : ranks)
        members.push_back(static_cast<int>(groups_[parent].member(rank)));
      groups_.emplace_back(std::move(members));
    }
    return place->second;
  }

  void note_failure(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    wake_all();
  }
  void note_return(int rank) {
    const std::lock_guard lock(mutex_);
    returned_[static_cast<std::size_t>(rank)] = true;
    wake_all();
  }
  void rethrow_failure() {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void wake_all() {
    for (std::condition_variable& rank : changed_) rank.notify_all();
  }
  void throw_if_failed() const {
    if (failure_) throw RunError("another rank has failed");
  }

  std::mutex mutex_;
  std::vector<std::condition_variable> changed_;  // by the rank that waits
  std::deque<Group> groups_;                      // a deque: references stay good while it grows
  std::map<std::tuple<std::size_t, int, int>, std::size_t> derived_;
  std::vector<bool> returned_;
  std::exception_ptr failure_;
};

}  // namespace rondo
