#include "rondo/comm/faulty.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using Clock = std::chrono::steady_clock;

class FaultyCommunicator final : public Communicator {
 public:
  FaultyCommunicator(Communicator& inner, std::unique_ptr<Communicator> owned, FaultPlan plan)
      : inner_(inner),
        owned_(std::move(owned)),
        plan_(std::move(plan)),
        delays_(plan_.delay_seed) {}

  int rank() const override { return inner_.rank(); }
  int size() const override { return inner_.size(); }
  void barrier() override {
    misbehave(CommCall::barrier);
    inner_.barrier();
  }
  void broadcast(std::span<std::byte> bytes, int root) override {
    misbehave(CommCall::broadcast);
    inner_.broadcast(bytes, root);
  }
  void send(std::span<const std::byte> bytes, int to) override {
    misbehave(CommCall::send);
    inner_.send(bytes, to);
  }
  void receive(std::span<std::byte> bytes, int from) override {
    misbehave(CommCall::receive);
    inner_.receive(bytes, from);
  }
  void exchange(std::span<const std::byte> outgoing, int to, std::span<std::byte> incoming,
                int from) override {
    misbehave(CommCall::exchange);
    inner_.exchange(outgoing, to, incoming, from);
  }
  void maximum(std::span<std::int64_t> values) override {
    misbehave(CommCall::maximum);
    inner_.maximum(values);
  }
  void total(std::span<std::int64_t> values) override {
    misbehave(CommCall::total);
    inner_.total(values);
  }
  void unite(std::span<std::uint64_t> bits) override {
    misbehave(CommCall::unite);
    inner_.unite(bits);
  }
  void native_sum(std::span<float> values) override {
    misbehave(CommCall::native_sum);
    inner_.native_sum(values);
  }
  void native_sum(std::span<double> values) override {
    misbehave(CommCall::native_sum);
    inner_.native_sum(values);
  }
  std::unique_ptr<Transfer> make_transfer(int channel) override;
  std::uint64_t bytes_sent() const override { return inner_.bytes_sent(); }
  std::unique_ptr<Communicator> duplicate() override { return wrap(inner_.duplicate()); }
  std::unique_ptr<Communicator> split(int group) override { return wrap(inner_.split(group)); }
  bool helper_threads() const override { return inner_.helper_threads(); }
  int local_size() const override { return inner_.local_size(); }
  int local_rank() const override { return inner_.local_rank(); }
  std::string host() const override { return inner_.host(); }
  [[noreturn]] void abort(int code) override {
    inner_.abort(code);
    std::terminate();  // not reached; g++ overlooks [[noreturn]] of a virtual function
  }

  // Does to a call of this kind what the plan says.
  void misbehave(CommCall call) {
    const std::int64_t nth_of_kind = ++counts_[static_cast<std::size_t>(call)];
    const std::int64_t nth_of_all = ++counts_[static_cast<std::size_t>(CommCall::any)];
    const auto is_now = [&](const std::optional<FaultPoint>& point) {
      if (!point) return false;
      if (point->call == CommCall::any) return point->nth == nth_of_all;
      return point->call == call && point->nth == nth_of_kind;
    };
    if (plan_.max_delay_us > 0) std::this_thread::sleep_for(draw_delay());
    if (is_now(plan_.hang)) hang();
    if (is_now(plan_.fail)) throw_run("rank {} fails on purpose at call {}", rank(), nth_of_all);
  }

  std::chrono::microseconds draw_delay() {
    const auto choices = static_cast<std::uint64_t>(plan_.max_delay_us) + 1;
    return std::chrono::microseconds(delays_() % choices);
  }

 private:
  std::unique_ptr<Communicator> wrap(std::unique_ptr<Communicator> derived) const {
    Communicator& inner = *derived;
    return std::make_unique<FaultyCommunicator>(inner, std::move(derived), plan_);
  }

  [[noreturn]] void hang() {
    std::mutex mutex;
    std::condition_variable_any released;
    std::unique_lock lock(mutex);
    released.wait(lock, plan_.release, [] { return false; });
    // Without a way to be released, wait() returns only when asked to stop, which is never.
    throw_run("rank {} was released from its hang", rank());
  }

  Communicator& inner_;
  const std::unique_ptr<Communicator> owned_;  // inner_, where this is derived from another
  const FaultPlan plan_;
  std::array<std::int64_t, static_cast<std::size_t>(CommCall::native_sum) + 1> counts_{};
  std::mt19937_64 delays_;
};

// Begins late, and hears of the end later still.
class FaultyTransfer final : public Transfer {
 public:
  FaultyTransfer(FaultyCommunicator& world, std::unique_ptr<Transfer> inner)
      : world_(world), inner_(std::move(inner)) {}

  void send(std::span<const std::byte> bytes, int to) override {
    begin(CommCall::send);
    inner_->send(bytes, to);
  }
  void receive(std::span<std::byte> bytes, int from) override {
    begin(CommCall::receive);
    inner_->receive(bytes, from);
  }
  void native_sum(std::span<const float> values, std::span<float> sum) override {
    begin(CommCall::native_sum);
    inner_->native_sum(values, sum);
  }
  void native_sum(std::span<const double> values, std::span<double> sum) override {
    begin(CommCall::native_sum);
    inner_->native_sum(values, sum);
  }
  bool done() override { return Clock::now() >= not_before_ && inner_->done(); }
  void wait() override {
    std::this_thread::sleep_until(not_before_);
    inner_->wait();
  }

 private:
  void begin(CommCall call) {
    world_.misbehave(call);
    not_before_ = Clock::now() + world_.draw_delay();
  }

  FaultyCommunicator& world_;
  const std::unique_ptr<Transfer> inner_;
  Clock::time_point not_before_{};
};

std::unique_ptr<Transfer> FaultyCommunicator::make_transfer(int channel) {
  return std::make_unique<FaultyTransfer>(*this, inner_.make_transfer(channel));
}

}  // namespace

std::unique_ptr<Communicator> make_faulty(Communicator& inner, const FaultPlan& plan) {
  return std::make_unique<FaultyCommunicator>(inner, nullptr, plan);
}

}  // namespace rondo
