#include "rondo/train/signals.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <initializer_list>

#include "io/unfinished_files.hpp"

namespace rondo {
namespace {

std::atomic<bool> stop{false};
std::atomic<bool> checkpoint{false};
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "handlers may not take locks");

void on_signal(int signal) {
  if (signal == SIGUSR1) {
    checkpoint.store(true);
    return;
  }
  if (signal == SIGINT && interrupted.exchange(true)) {
    remove_unfinished_files();  // the checkpoint that is being written
    _exit(130);
  }
  stop.store(true);
}

}  // namespace

void install_signal_handlers() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGUSR1, SIGUSR2, SIGXCPU, SIGTERM, SIGINT}) {
    sigaction(signal, &action, nullptr);
  }
  struct sigaction hangup = {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond the user's limit is a failed write, not the end
}

bool stop_signalled() { return stop.load(); }
bool take_checkpoint_signal() { return checkpoint.exchange(false); }

}  // namespace rondo
