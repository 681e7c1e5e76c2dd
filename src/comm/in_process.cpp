// Ranks as threads of one process: everything shared lies behind one mutex, so that the tests that
// run on it can be read by the thread sanitizer.
#include "rondo/comm/in_process.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// One set of messages and meetings; duplicate() makes another.
struct Channel {
  explicit Channel(int ranks) : brought(static_cast<std::size_t>(ranks)) {}
  std::map<std::pair<int, int>, std::deque<std::vector<std::byte>>> mailboxes;  // (from, to)
  std::vector<std::vector<std::byte>> brought;  // by each rank to the current meeting
  int arrived = 0;
  std::uint64_t meetings = 0;
};

// What the ranks share. Each rank's threads wait on that rank's own condition, so that a message
// wakes its receiver alone.
class SharedWorld {
 public:
  explicit SharedWorld(int ranks)
      : ranks_(ranks),
        changed_(static_cast<std::size_t>(ranks)),
        returned_(static_cast<std::size_t>(ranks)) {
    channels_.emplace_back(ranks);
  }
  int size() const { return ranks_; }

  void post(std::size_t channel, int from, int to, std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    throw_if_failed();
    channels_[channel].mailboxes[{from, to}].emplace_back(bytes.begin(), bytes.end());
    changed_[static_cast<std::size_t>(to)].notify_all();
  }

  void take(std::size_t channel, int from, int to, std::span<std::byte> bytes) {
    std::unique_lock lock(mutex_);
    auto& mailbox = channels_[channel].mailboxes[{from, to}];
    while (mailbox.empty()) {
      throw_if_failed();
      if (returned_[static_cast<std::size_t>(from)]) {
        throw_run("rank {} waits for a message of rank {}, which has returned", to, from);
      }
      changed_[static_cast<std::size_t>(to)].wait(lock);
    }
    const std::vector<std::byte> message = std::move(mailbox.front());
    mailbox.pop_front();
    if (message.size() != bytes.size()) {
      throw_run("rank {} expects {} bytes of rank {}, which sent {}", to, bytes.size(), from,
                message.size());
    }
    std::copy(message.begin(), message.end(), bytes.begin());
  }

  // Waits until all ranks are here.
  void meet(std::size_t channel, int rank) {
    std::unique_lock lock(mutex_);
    throw_if_failed();
    Channel& here = channels_[channel];
    const std::uint64_t meeting = here.meetings;
    if (++here.arrived == ranks_) {
      here.arrived = 0;
      ++here.meetings;
      wake_all();
    }
    while (here.meetings == meeting) {
      throw_if_failed();
      if (std::find(returned_.begin(), returned_.end(), true) != returned_.end()) {
        throw_run("a rank waits for all others, but one of them has returned");
      }
      changed_[static_cast<std::size_t>(rank)].wait(lock);
    }
  }

  // Every rank brings bytes and gets what all ranks brought, in rank order. They are copies: a rank
  // that unwinds, because another one has failed, takes its own buffers with it.
  std::vector<std::vector<std::byte>> meet_with(std::size_t channel, int rank,
                                                std::span<const std::byte> bytes) {
    {
      const std::lock_guard lock(mutex_);
      channels_[channel].brought[static_cast<std::size_t>(rank)].assign(bytes.begin(), bytes.end());
    }
    meet(channel, rank);
    std::vector<std::vector<std::byte>> all;
    {
      const std::lock_guard lock(mutex_);
      all = channels_[channel].brought;
    }
    meet(channel, rank);  // nobody brings the next thing before all have read this one
    return all;
  }

  // The n-th duplication of one rank is the n-th of every rank: collective calls are in order.
  std::size_t channel_of_duplication(std::size_t parent, int nth) {
    const std::lock_guard lock(mutex_);
    const auto [place, is_new] = duplications_.try_emplace({parent, nth}, channels_.size());
    if (is_new) channels_.emplace_back(ranks_);
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

  const int ranks_;
  std::mutex mutex_;
  std::vector<std::condition_variable> changed_;  // by the rank that waits
  std::deque<Channel> channels_;                  // a deque: references stay good while it grows
  std::map<std::pair<std::size_t, int>, std::size_t> duplications_;
  std::vector<bool> returned_;
  std::exception_ptr failure_;
};

class InProcessCommunicator final : public Communicator {
 public:
  InProcessCommunicator(SharedWorld& shared, int rank, std::size_t channel)
      : shared_(shared), rank_(rank), channel_(channel) {}

  int rank() const override { return rank_; }
  int size() const override { return shared_.size(); }
  void barrier() override { shared_.meet(channel_, rank_); }
  void broadcast(std::span<std::byte> bytes, int root) override {
    require_rank(root);
    const auto all = shared_.meet_with(channel_, rank_, bytes);
    const std::vector<std::byte>& roots = all[static_cast<std::size_t>(root)];
    require_same_length(roots, bytes.size());
    std::copy(roots.begin(), roots.end(), bytes.begin());
  }
  void send(std::span<const std::byte> bytes, int to) override {
    require_rank(to);
    shared_.post(channel_, rank_, to, bytes);
  }
  void receive(std::span<std::byte> bytes, int from) override {
    require_rank(from);
    shared_.take(channel_, from, rank_, bytes);
  }
  void exchange(std::span<const std::byte> outgoing, int to, std::span<std::byte> incoming,
                int from) override {
    send(outgoing, to);
    receive(incoming, from);
  }
  void maximum(std::span<std::int64_t> values) override {
    combine(values, [](std::int64_t a, std::int64_t b) { return std::max(a, b); });
  }
  void total(std::span<std::int64_t> values) override { combine(values, std::plus<>()); }
  void native_sum(std::span<float> values) override { combine(values, std::plus<>()); }
  void native_sum(std::span<double> values) override { combine(values, std::plus<>()); }
  std::unique_ptr<Communicator> duplicate() override {
    const std::size_t channel = shared_.channel_of_duplication(channel_, duplications_++);
    return std::make_unique<InProcessCommunicator>(shared_, rank_, channel);
  }
  int local_size() const override { return size(); }
  int local_rank() const override { return rank_; }
  std::string host() const override { return make_single()->host(); }
  [[noreturn]] void abort(int code) override {
    const RunError error(fmt::format("rank {} ended all ranks with code {}", rank_, code));
    shared_.note_failure(std::make_exception_ptr(error));
    throw error;
  }

 private:
  void require_rank(int rank) const {
    if (rank < 0 || rank >= size()) {
      throw_run("a message names rank {}, but the ranks are 0 to {}", rank, size() - 1);
    }
  }

  void require_same_length(const std::vector<std::byte>& theirs, std::size_t mine) const {
    if (theirs.size() != mine) {
      throw_run("rank {} brings {} bytes to a collective call, another rank {}", rank_, mine,
                theirs.size());
    }
  }

  // values = join over all ranks in ascending order, the same on every rank.
  template <class Value, class Join>
  void combine(std::span<Value> values, Join join) {
    const auto all = shared_.meet_with(channel_, rank_, std::as_bytes(values));
    std::vector<Value> theirs(values.size());
    for (std::size_t rank = 0; rank < all.size(); ++rank) {
      require_same_length(all[rank], values.size_bytes());
      std::memcpy(theirs.data(), all[rank].data(), all[rank].size());
      for (std::size_t i = 0; i < theirs.size(); ++i) {
        values[i] = rank == 0 ? theirs[i] : join(values[i], theirs[i]);
      }
    }
  }

  SharedWorld& shared_;
  const int rank_;
  const std::size_t channel_;
  int duplications_ = 0;
};

}  // namespace

void run_in_process(int ranks, const std::function<void(Communicator&)>& body) {
  if (ranks < 1) throw_run("run_in_process needs at least one rank, not {}", ranks);
  SharedWorld shared(ranks);
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(ranks));
  for (int rank = 0; rank < ranks; ++rank) {
    threads.emplace_back([&shared, &body, rank] {
      try {
        InProcessCommunicator world(shared, rank, 0);
        body(world);
      } catch (...) {
        shared.note_failure(std::current_exception());
      }
      shared.note_return(rank);
    });
  }
  for (std::thread& thread : threads) thread.join();
  shared.rethrow_failure();
}

}  // namespace rondo
