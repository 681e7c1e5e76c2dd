#include "io/unfinished_files.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <string>

namespace rondo {
namespace {

// A slot of the table: free, being filled, or with a name that is to go. In static memory, where a
// handler finds it whatever the process was doing.
struct Slot {
  enum State : int { unused, taken, named };
  std::atomic<int> state{unused};
  std::array<char, 4096> name{};  // a path of the system's has no more bytes
};
static_assert(std::atomic<int>::is_always_lock_free, "handlers may not take locks");

std::array<Slot, 32> slots;

struct Ending {
  int signal;
  const char* name;
};
constexpr std::array endings{Ending{SIGHUP, "SIGHUP"},   Ending{SIGINT, "SIGINT"},
                             Ending{SIGQUIT, "SIGQUIT"}, Ending{SIGPIPE, "SIGPIPE"},
                             Ending{SIGTERM, "SIGTERM"}, Ending{SIGUSR1, "SIGUSR1"},
                             Ending{SIGUSR2, "SIGUSR2"}, Ending{SIGXCPU, "SIGXCPU"}};

void write_text(const char* text) {
  // Nobody is left to be told that it could not be written.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
}

// The signal's own action is in force again (SA_RESETHAND), and comes when this returns.
void on_signal(int signal) {
  remove_unfinished_files();
  for (const Ending& ending : endings) {
    if (ending.signal != signal || signal == SIGPIPE) continue;
    write_text("rondo: stopped by ");
    write_text(ending.name);
    write_text("; what was not finished is removed\n");
  }
  ::raise(signal);
}

}  // namespace

UnfinishedFile::UnfinishedFile(const std::filesystem::path& path) : slot_(0) {
  const std::string& name = path.native();
  for (; slot_ < slots.size(); ++slot_) {
    Slot& slot = slots[slot_];
    int expected = Slot::unused;
    if (name.size() >= slot.name.size()) continue;
    if (!slot.state.compare_exchange_strong(expected, Slot::taken)) continue;
    std::memcpy(slot.name.data(), name.c_str(), name.size() + 1);
    slot.state.store(Slot::named);
    return;
  }
}

UnfinishedFile::~UnfinishedFile() {
  if (slot_ < slots.size()) slots[slot_].state.store(Slot::unused);
}

void remove_unfinished_files() {
  const auto for_each_name = [](int (*call)(const char*)) {
    for (const Slot& slot : slots) {
      if (slot.state.load() == Slot::named) call(slot.name.data());
    }
  };
  for_each_name(::unlink);
  for_each_name(::rmdir);  // of folders that are empty now
}

void clean_up_when_stopped() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  for (const Ending& ending : endings) {
    struct sigaction now = {};
    if (sigaction(ending.signal, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) continue;
    sigaction(ending.signal, &action, nullptr);
  }
}

}  // namespace rondo
