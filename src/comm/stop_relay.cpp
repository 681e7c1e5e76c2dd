#include "rondo/comm/stop_relay.hpp"

#include <chrono>
#include <thread>

namespace rondo {
namespace {

// Between two looks of a rank that waits for others, which may train for days.
constexpr std::chrono::milliseconds pause(20);

// Channels: a link's word, and from here on that its rank has come to the end.
constexpr int arrivals = 64;

enum class Word : std::uint8_t { go_on, stop };

std::span<std::byte> bytes_of(Word& word) { return std::as_writable_bytes(std::span(&word, 1)); }

}  // namespace

// One rank to whom this one speaks, and one to whom it listens: a single word each way.
struct StopRelay::Link {
  Link(Communicator& world, int distance, int number)
      : to((world.rank() + distance) % world.size()),
        from((world.rank() - distance + world.size()) % world.size()),
        sender(world.make_transfer(number)),
        receiver(world.make_transfer(number)),
        arrival(world.make_transfer(arrivals + number)) {
    receiver->receive(bytes_of(incoming), from);
  }
  void say(Word word) {
    outgoing = word;
    sender->send(bytes_of(outgoing), to);
    said = true;
  }

  const int to, from;
  std::unique_ptr<Transfer> sender, receiver, arrival;
  Word outgoing = Word::go_on, incoming = Word::go_on;
  Word arrives = Word::go_on, has_arrived = Word::go_on;
  bool said = false, heard = false;
};

StopRelay::StopRelay(Communicator& world) {
  for (int distance = 1, number = 0; distance < world.size(); distance *= 2, ++number) {
    links_.push_back(std::make_unique<Link>(world, distance, number));
  }
}

StopRelay::~StopRelay() = default;

bool StopRelay::told(bool asked) {
  stops_ = stops_ || asked;
  for (const auto& link : links_) {
    if (!link->heard) link->heard = link->receiver->done();
    stops_ = stops_ || (link->heard && link->incoming == Word::stop);
  }
  if (!stops_) return false;
  for (const auto& link : links_) {
    if (!link->said) link->say(Word::stop);
  }
  return true;
}

void StopRelay::wait_for(Transfer& transfer, const std::function<bool()>& asked) {
  while (!transfer.done()) {
    told(asked());
    std::this_thread::sleep_for(pause);
  }
}

void StopRelay::finish(const std::function<bool()>& asked) {
  // Once it has heard from 1, 2, 4, ... places before it, all have come (Hensgen, Finkel and Manber
  // 1988).
  for (const auto& link : links_) {
    link->arrival->receive(bytes_of(link->has_arrived), link->from);
    link->arrival->send(bytes_of(link->arrives), link->to);
    wait_for(*link->arrival, asked);
  }
  // A request that was on its way meanwhile: link after link, each passing on what those before it
  // have brought, so that at the end every rank knows of all.
  for (const auto& link : links_) {
    if (!link->said) link->say(stops_ ? Word::stop : Word::go_on);
    if (!link->heard) link->receiver->wait();
    link->sender->wait();
    link->heard = true;
    stops_ = stops_ || link->incoming == Word::stop;
  }
}

}  // namespace rondo
