// Tells that work which says nothing by itself goes on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace rondo::apps {

// From a thread of its own says to standard error every `interval` what is being done, and for how
// long: nothing about what is quick.
class SignsOfLife {
 public:
  explicit SignsOfLife(std::chrono::seconds interval = std::chrono::seconds(10));
  // What is done from now on.
  void at_work(const std::string& work);

 private:
  void run(const std::stop_token& stop);

  std::chrono::seconds interval_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::string work_;
  std::chrono::steady_clock::time_point since_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace rondo::apps
