// The null object of the message layer: a world of one rank.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

void require_rank_zero(int rank) {
  if (rank != 0) throw_run("a message names rank {}, but this world has rank 0 alone", rank);
}

void copy_to_itself(std::span<const std::byte> outgoing, std::span<std::byte> incoming) {
  if (outgoing.size() != incoming.size()) {
    throw_run("a message to itself has {} bytes, but {} are expected", outgoing.size(),
              incoming.size());
  }
  std::copy(outgoing.begin(), outgoing.end(), incoming.begin());
}

// A single rank's messages are to itself: each receive takes what the send before it gave.
class SingleTransfer final : public Transfer {
 public:
  void send(std::span<const std::byte> bytes, int to) override {
    require_rank_zero(to);
    outgoing_.push_back(bytes);
    match();
  }
  void receive(std::span<std::byte> bytes, int from) override {
    require_rank_zero(from);
    incoming_.push_back(bytes);
    match();
  }
  void native_sum(std::span<const float> values, std::span<float> sum) override {
    std::copy(values.begin(), values.end(), sum.begin());
  }
  void native_sum(std::span<const double> values, std::span<double> sum) override {
    std::copy(values.begin(), values.end(), sum.begin());
  }
  bool done() override { return outgoing_.empty() && incoming_.empty(); }
  void wait() override {
    if (!done()) throw_run("a single rank waits for a message that has only one end");
  }

 private:
  void match() {
    if (outgoing_.empty() || incoming_.empty()) return;
    copy_to_itself(outgoing_.front(), incoming_.front());
    outgoing_.erase(outgoing_.begin());
    incoming_.erase(incoming_.begin());
  }

  std::vector<std::span<const std::byte>> outgoing_;  // at most one of the two holds anything
  std::vector<std::span<std::byte>> incoming_;
};

class SingleCommunicator final : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  void barrier() override {}
  void broadcast(std::span<std::byte>, int root) override { require_rank_zero(root); }
  void send(std::span<const std::byte>, int) override {
    throw_run("a single rank has nobody to send a message to");
  }
  void receive(std::span<std::byte>, int) override {
    throw_run("a single rank has nobody to receive a message from");
  }
  void exchange(std::span<const std::byte> outgoing, int to, std::span<std::byte> incoming,
                int from) override {
    require_rank_zero(to);
    require_rank_zero(from);
    copy_to_itself(outgoing, incoming);
  }
  void maximum(std::span<std::int64_t>) override {}
  void total(std::span<std::int64_t>) override {}
  void unite(std::span<std::uint64_t>) override {}
  void native_sum(std::span<float>) override {}
  void native_sum(std::span<double>) override {}
  std::unique_ptr<Transfer> make_transfer(int) override {
    return std::make_unique<SingleTransfer>();
  }
  std::uint64_t bytes_sent() const override { return 0; }
  std::unique_ptr<Communicator> duplicate() override { return make_single(); }
  std::unique_ptr<Communicator> split(int) override { return make_single(); }
  bool helper_threads() const override { return true; }
  int local_size() const override { return 1; }
  int local_rank() const override { return 0; }
  std::string host() const override {
    char name[256] = {};
    return gethostname(name, sizeof name - 1) == 0 ? name : "unknown host";
  }
  [[noreturn]] void abort(int code) override {
    std::fflush(nullptr);
    std::_Exit(code == 0 ? 1 : code);
  }
};

}  // namespace

std::unique_ptr<Communicator> make_single() { return std::make_unique<SingleCommunicator>(); }

}  // namespace rondo
