#include "apps/words/signs_of_life.hpp"

#include <fmt/format.h>

#include "apps/words/say.hpp"

namespace rondo::apps {

SignsOfLife::SignsOfLife(std::chrono::seconds interval)
    : interval_(interval), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void SignsOfLife::at_work(const std::string& work) {
  const std::lock_guard lock(mutex_);
  work_ = work;
  since_ = std::chrono::steady_clock::now();
}

void SignsOfLife::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    changed_.wait_for(lock, stop, interval_, [] { return false; });
    if (stop.stop_requested() || work_.empty()) continue;
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - since_);
    say(fmt::format("{}, for {} s so far", work_, seconds.count()));
  }
}

}  // namespace rondo::apps
