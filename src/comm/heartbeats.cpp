#include "rondo/comm/heartbeats.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace rondo {
namespace {

using Beat = Heartbeats::Beat;

// A message is a table of all ranks' beats and behind it, in `count`, whether it is the last.
std::span<std::byte> bytes_of(std::vector<Beat>& message) {
  return std::as_writable_bytes(std::span(message));
}

// One rank to whom this one speaks, and the one as far away on the other side, to whom it listens.
struct Link {
  int to = 0;
  int from = 0;
  std::unique_ptr<Transfer> sender, receiver;
  std::vector<Beat> outgoing, incoming;
  bool said_last = false;
  bool heard_last = false;
};

}  // namespace

struct Heartbeats::Links {
  explicit Links(Communicator& world) : own(world.duplicate()), rank(world.rank()) {
    const int ranks = world.size();
    table.resize(static_cast<std::size_t>(ranks));
    for (int distance = 1, channel = 0; distance < ranks; distance *= 2, ++channel) {
      Link& link = links.emplace_back();
      link.to = (rank + distance) % ranks;
      link.from = (rank - distance + ranks) % ranks;
      link.sender = own->make_transfer(channel);
      link.receiver = own->make_transfer(channel);
      link.outgoing.resize(table.size() + 1);
      link.incoming.resize(table.size() + 1);
      link.receiver->receive(bytes_of(link.incoming), link.from);
    }
  }

  // Takes in what has come, and expects more unless it was the last.
  void listen(Link& link) {
    while (!link.heard_last && link.receiver->done()) {
      for (std::size_t r = 0; r < table.size(); ++r) {
        if (link.incoming[r].count > table[r].count) table[r] = link.incoming[r];
      }
      link.heard_last = link.incoming.back().count != 0;
      if (!link.heard_last) link.receiver->receive(bytes_of(link.incoming), link.from);
    }
  }

  // Says what is known, unless what was said before has not left yet.
  void speak(Link& link, bool last) {
    if (link.said_last || !link.sender->done()) return;
    std::copy(table.begin(), table.end(), link.outgoing.begin());
    link.outgoing.back().count = last ? 1 : 0;
    link.sender->send(std::as_bytes(std::span(link.outgoing)), link.to);
    link.said_last = last;
  }

  std::unique_ptr<Communicator> own;
  const int rank;
  std::vector<Beat> table;
  std::vector<Link> links;
  bool finished = false;

  // Those whose conversation broke off: messages may still be on their way into them, so they stay,
  // within reach, to the end of the process.
  static inline std::atomic<Links*> given_up{nullptr};
  Links* next = nullptr;
};

Heartbeats::Heartbeats(Communicator& world) : links_(std::make_unique<Links>(world)) {}

Heartbeats::~Heartbeats() {
  if (links_->finished || links_->links.empty()) return;
  Links* const links = links_.release();
  links->next = Links::given_up.exchange(links);
}

std::span<const Beat> Heartbeats::beats() const { return links_->table; }

void Heartbeats::exchange(std::uint64_t word) {
  Beat& mine = links_->table[static_cast<std::size_t>(links_->rank)];
  ++mine.count;
  mine.word = word;
  for (Link& link : links_->links) {
    links_->listen(link);
    links_->speak(link, false);
  }
}

bool Heartbeats::finish() {
  links_->finished = true;
  for (Link& link : links_->links) {
    links_->listen(link);
    links_->speak(link, true);
    if (!link.heard_last || !link.said_last || !link.sender->done()) links_->finished = false;
  }
  return links_->finished;
}

}  // namespace rondo
