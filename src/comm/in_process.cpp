// Ranks as threads of one process.
#include "rondo/comm/in_process.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <functional>
#include <numeric>
#include <thread>

#include "comm/shared_world.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/start_thread.hpp"

namespace rondo {
namespace {

class InProcessCommunicator final : public Communicator {
 public:
  InProcessCommunicator(SharedWorld& shared, int rank, std::size_t group)
      : shared_(shared), rank_(rank), size_(shared.size(group)), group_(group) {}

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  void barrier() override { shared_.meet(group_, rank_); }
  void broadcast(std::span<std::byte> bytes, int root) override {
    require_rank(root);
    const auto all = shared_.meet_with(group_, rank_, bytes);
    const std::vector<std::byte>& roots = all[static_cast<std::size_t>(root)];
    require_same_length(roots, bytes.size());
    std::copy(roots.begin(), roots.end(), bytes.begin());
  }
  void send(std::span<const std::byte> bytes, int to) override {
    post(bytes, to, Route::no_channel);
  }
  void receive(std::span<std::byte> bytes, int from) override {
    take(bytes, from, Route::no_channel, true);
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
  void unite(std::span<std::uint64_t> bits) override { combine(bits, std::bit_or<>()); }
  void native_sum(std::span<float> values) override { combine(values, std::plus<>()); }
  void native_sum(std::span<double> values) override { combine(values, std::plus<>()); }
  std::unique_ptr<Transfer> make_transfer(int channel) override;
  std::uint64_t bytes_sent() const override { return bytes_sent_; }
  std::unique_ptr<Communicator> duplicate() override {
    std::vector<int> all(static_cast<std::size_t>(size_));
    std::iota(all.begin(), all.end(), 0);
    return derive(all);
  }
  std::unique_ptr<Communicator> split(int group) override {
    std::vector<int> same;
    const auto groups = shared_.meet_with(group_, rank_, std::as_bytes(std::span(&group, 1)));
    for (int rank = 0; rank < size_; ++rank) {
      const std::vector<std::byte>& theirs = groups[static_cast<std::size_t>(rank)];
      if (std::memcmp(theirs.data(), &group, sizeof group) == 0) same.push_back(rank);
    }
    return derive(same);
  }
  bool helper_threads() const override { return true; }
  int local_size() const override { return size(); }
  int local_rank() const override { return rank_; }
  std::string host() const override { return make_single()->host(); }
  [[noreturn]] void abort(int code) override {
    const RunError error(fmt::format("rank {} ended all ranks with code {}", rank_, code));
    shared_.note_failure(std::make_exception_ptr(error));
    throw error;
  }

  void post(std::span<const std::byte> bytes, int to, int channel) {
    require_rank(to);
    shared_.post(group_, {rank_, to, channel}, bytes);
    bytes_sent_ += bytes.size();
  }
  bool take(std::span<std::byte> bytes, int from, int channel, bool waits) {
    require_rank(from);
    return shared_.take(group_, {from, rank_, channel}, bytes, waits);
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
    const auto all = shared_.meet_with(group_, rank_, std::as_bytes(values));
    std::vector<Value> theirs(values.size());
    for (std::size_t rank = 0; rank < all.size(); ++rank) {
      require_same_length(all[rank], values.size_bytes());
      std::memcpy(theirs.data(), all[rank].data(), all[rank].size());
      for (std::size_t i = 0; i < theirs.size(); ++i) {
        values[i] = rank == 0 ? theirs[i] : join(values[i], theirs[i]);
      }
    }
  }

  // Of the ranks, this one's among them, in their order.
  std::unique_ptr<Communicator> derive(const std::vector<int>& ranks) {
    const auto place = std::find(ranks.begin(), ranks.end(), rank_) - ranks.begin();
    const std::size_t group = shared_.derived_group(group_, derived_++, ranks);
    return std::make_unique<InProcessCommunicator>(shared_, static_cast<int>(place), group);
  }

  SharedWorld& shared_;
  const int rank_;
  const int size_;
  const std::size_t group_;
  int derived_ = 0;
  std::uint64_t bytes_sent_ = 0;
};

// Sends are posted at once; receives are kept until their messages are there. A sum is everybody's
// values to everybody, added by each in the order of the ranks.
class InProcessTransfer final : public Transfer {
 public:
  InProcessTransfer(InProcessCommunicator& world, int channel) : world_(world), channel_(channel) {}

  void send(std::span<const std::byte> bytes, int to) override { world_.post(bytes, to, channel_); }
  void receive(std::span<std::byte> bytes, int from) override { awaited_.push_back({bytes, from}); }
  void native_sum(std::span<const float> values, std::span<float> sum) override {
    begin_sum(values, sum, floats_);
  }
  void native_sum(std::span<const double> values, std::span<double> sum) override {
    begin_sum(values, sum, doubles_);
  }
  bool done() override { return proceed(false); }
  void wait() override { proceed(true); }

 private:
  struct Awaited {
    std::span<std::byte> bytes;
    int from = 0;
  };
  template <class Value>
  struct Sum {
    std::span<Value> into;
    std::vector<std::vector<Value>> of_rank;
  };

  template <class Value>
  void begin_sum(std::span<const Value> values, std::span<Value> into, Sum<Value>& sum) {
    sum.into = into;
    sum.of_rank.assign(static_cast<std::size_t>(world_.size()), {values.begin(), values.end()});
    for (int rank = 0; rank < world_.size(); ++rank) {
      if (rank == world_.rank()) continue;
      world_.post(std::as_bytes(values), rank, channel_);
      receive(std::as_writable_bytes(std::span(sum.of_rank[static_cast<std::size_t>(rank)])), rank);
    }
  }

  template <class Value>
  void end_sum(Sum<Value>& sum) {
    for (std::size_t rank = 0; rank < sum.of_rank.size(); ++rank) {
      for (std::size_t i = 0; i < sum.into.size(); ++i) {
        const Value value = sum.of_rank[rank][i];
        sum.into[i] = rank == 0 ? value : sum.into[i] + value;
      }
    }
    sum.of_rank.clear();
  }

  bool proceed(bool waits) {
    while (arrived_ < awaited_.size()) {
      const Awaited& next = awaited_[arrived_];
      if (!world_.take(next.bytes, next.from, channel_, waits)) return false;
      ++arrived_;
    }
    arrived_ = 0;
    awaited_.clear();
    end_sum(floats_);
    end_sum(doubles_);
    return true;
  }

  InProcessCommunicator& world_;
  const int channel_;
  std::vector<Awaited> awaited_;  // in the order in which they were begun
  std::size_t arrived_ = 0;       // of them
  Sum<float> floats_;
  Sum<double> doubles_;
};

std::unique_ptr<Transfer> InProcessCommunicator::make_transfer(int channel) {
  return std::make_unique<InProcessTransfer>(*this, channel);
}

}  // namespace

void run_in_process(int ranks, const std::function<void(Communicator&)>& body) {
  if (ranks < 1) throw_run("run_in_process needs at least one rank, not {}", ranks);
  SharedWorld shared(ranks);
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(ranks));
  for (int rank = 0; rank < ranks; ++rank) {
    const auto run = [&shared, &body, rank] {
      try {
        InProcessCommunicator world(shared, rank, 0);
        body(world);
      } catch (...) {
        shared.note_failure(std::current_exception());
      }
      shared.note_return(rank);
    };
    try {
      threads.push_back(start_thread(fmt::format("rank {}'s thread", rank), run));
    } catch (...) {  // the ranks that do run wait for this one
      shared.note_failure(std::current_exception());
      shared.note_return(rank);
    }
  }
  for (std::thread& thread : threads) thread.join();
  shared.rethrow_failure();
}

}  // namespace rondo
