// The null object of the message layer: a world of one rank.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "rondo/comm/in_process.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

void require_rank_zero(int rank) {
  if (rank != 0) throw_run("a message names rank {}, but this world has rank 0 alone", rank);
}

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
    if (outgoing.size() != incoming.size()) {
      throw_run("an exchange with itself sends {} bytes but expects {}", outgoing.size(),
                incoming.size());
    }
    std::copy(outgoing.begin(), outgoing.end(), incoming.begin());
  }
  void maximum(std::span<std::int64_t>) override {}
  void total(std::span<std::int64_t>) override {}
  void native_sum(std::span<float>) override {}
  void native_sum(std::span<double>) override {}
  std::unique_ptr<Communicator> duplicate() override { return make_single(); }
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
