#include "rondo/train/watchdog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <optional>
#include <semaphore>
#include <thread>
#include <utility>

#include "rondo/comm/heartbeats.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/start_thread.hpp"
#include "rondo/core/streams.hpp"
#include "rondo/train/hang_judge.hpp"

namespace rondo {
namespace {

using Seconds = std::chrono::duration<double>;
using Clock = std::chrono::steady_clock;

// Forty looks before the limit, so that a rank's silence is known well before it, and no need to
// look more often than once a second.
double tick_for(const Watchdog::Options& options) {
  return options.look_seconds > 0 ? options.look_seconds
                                  : std::clamp(options.limit_seconds / 40, 0.02, 1.0);
}

std::vector<HangJudge::Rank> name_ranks(Communicator& world, bool all) {
  if (!all) return {{world.rank(), world.host()}};
  std::vector<HangJudge::Rank> ranks;
  for (std::string& host : hosts_of_ranks(world)) {
    ranks.push_back({static_cast<int>(ranks.size()), std::move(host)});
  }
  return ranks;
}

}  // namespace

class Watchdog::Impl {
 public:
  Impl(Communicator& world, const Pulse& pulse, Options options)
      : world_(world),
        pulse_(pulse),
        options_(std::move(options)),
        host_(world.host()),
        tick_(tick_for(options_)),
        speaks_(world.size() > 1 && world.helper_threads()),
        judge_(name_ranks(world, speaks_), speaks_ ? static_cast<std::size_t>(world.rank()) : 0,
               options_.limit_seconds, tick_) {
    if (speaks_) heartbeats_.emplace(world);
    thread_ = start_thread("the watchdog's thread", [this] { watch(); });
  }

  ~Impl() { stop(Way::at_once); }

  void finish() { stop(Way::together); }

 private:
  enum class Way : std::uint8_t { watching, at_once, together };

  void stop(Way way) {
    if (!thread_.joinable()) return;
    way_.store(way, std::memory_order_release);
    stopped_.release();
    thread_.join();
  }

  void watch() {
    Clock::time_point before = Clock::now();
    while (!stopped_.try_acquire_for(Seconds(tick_))) {
      const Clock::time_point time = Clock::now();
      act_on(judge_.look(Seconds(time - before).count(), exchange()));
      before = time;
    }
    if (way_.load(std::memory_order_acquire) == Way::together) take_leave();
  }

  std::span<const Heartbeats::Beat> exchange() {
    own_ = {own_.count + 1, pulse_.word()};
    if (!heartbeats_) return {&own_, 1};
    if (!connected_) return heartbeats_->beats();
    try {
      heartbeats_->exchange(own_.word);
    } catch (const Error&) {
      // The training thread meets the same error, or waits in vain, which is judged here.
      connected_ = false;
    }
    return heartbeats_->beats();
  }

  void act_on(HangJudge::Verdict verdict) {
    if (verdict == HangJudge::Verdict::fine) return;
    const std::string who =
        world_.size() > 1 ? fmt::format("rank {} on {}: ", world_.rank(), host_) : "";
    if (ended_) return;
    say(who + judge_.sentence());
    if (verdict != HangJudge::Verdict::hangs) return;
    ended_ = true;
    end();
  }

  void take_leave() {
    try {
      for (double waited = 0; connected_ && heartbeats_ && !heartbeats_->finish();
           waited += 0.002) {
        if (waited > options_.limit_seconds) return end();
        std::this_thread::sleep_for(Seconds(0.002));
      }
    } catch (const Error&) {
      connected_ = false;
    }
  }

  void say(const std::string& sentence) const {
    if (options_.say) return options_.say(sentence);
    write_message("rondo: " + sentence);
  }
  void end() {
    if (options_.end) return options_.end();
    world_.abort(static_cast<int>(ExitCode::failure));
  }

  Communicator& world_;
  const Pulse& pulse_;
  const Options options_;
  const std::string host_;
  const double tick_;
  const bool speaks_;
  HangJudge judge_;
  std::optional<Heartbeats> heartbeats_;
  bool connected_ = true;
  bool ended_ = false;
  Heartbeats::Beat own_;
  std::atomic<Way> way_{Way::watching};
  std::binary_semaphore stopped_{0};  // sleeps without a mutex, as a step must
  std::thread thread_;
};

Watchdog::Watchdog(Communicator& world, const Pulse& pulse, Options options)
    : impl_(std::make_unique<Impl>(world, pulse, std::move(options))) {}

Watchdog::~Watchdog() = default;

void Watchdog::finish() { impl_->finish(); }

}  // namespace rondo
