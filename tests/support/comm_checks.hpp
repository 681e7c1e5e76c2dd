// What every Communicator must do, as bodies that all ranks of a world call together: run on
// threads by tests/unit/comm, under mpirun by tests/mpi/comm. Each communicates first and asserts
// after.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::test {

// `length` bytes that tell who wrote them.
inline std::vector<std::byte> marked_bytes(std::size_t length, int mark) {
  std::vector<std::byte> bytes(length);
  for (std::size_t i = 0; i < length; ++i) {
    bytes[i] = static_cast<std::byte>((i * 31 + static_cast<std::size_t>(mark) * 101) & 0xff);
  }
  return bytes;
}

inline void check_broadcast(Communicator& world) {
  for (int root = 0; root < world.size(); ++root) {
    for (const std::size_t length : {std::size_t{0}, std::size_t{7}, std::size_t{250'001}}) {
      std::vector<std::byte> fixed = marked_bytes(length, world.rank());
      world.broadcast(fixed, root);
      std::vector<std::byte> any;
      std::string text = "what a rank had before";
      if (world.rank() == root) {
        any = marked_bytes(length, 50 + root);
        text = std::string(length / 2, static_cast<char>('a' + root));
      }
      broadcast(world, any, root);
      broadcast(world, text, root);
      EXPECT_EQ(fixed, marked_bytes(length, root)) << "root " << root;
      EXPECT_EQ(any, marked_bytes(length, 50 + root)) << "root " << root;
      EXPECT_EQ(text, std::string(length / 2, static_cast<char>('a' + root)));
    }
  }
}

// All ranks send large messages round a ring at once, of a length that depends on the sender.
inline void check_exchange(Communicator& world) {
  const int size = world.size();
  for (int distance = 0; distance < size; ++distance) {
    const int to = (world.rank() + distance) % size;
    const int from = (world.rank() + size - distance) % size;
    const auto length = [](int rank) { return static_cast<std::size_t>(300'000 * (rank % 3)) + 5; };
    const std::vector<std::byte> outgoing = marked_bytes(length(world.rank()), world.rank());
    std::vector<std::byte> incoming(length(from));
    world.exchange(outgoing, to, incoming, from);
    EXPECT_EQ(incoming, marked_bytes(length(from), from)) << "distance " << distance;
  }
}

// Two messages of one pair arrive in order; a duplicate's messages are apart from them.
inline void check_order_and_duplicates(Communicator& world) {
  const std::unique_ptr<Communicator> other = world.duplicate();
  ASSERT_EQ(other->size(), world.size());
  ASSERT_EQ(other->rank(), world.rank());
  std::vector<std::byte> first(3), second(3), apart(3);
  const bool sends = world.rank() % 2 == 0 && world.rank() + 1 < world.size();
  const bool receives = world.rank() % 2 == 1;
  if (sends) {
    world.send(marked_bytes(3, 1), world.rank() + 1);
    world.send(marked_bytes(3, 2), world.rank() + 1);
    other->send(marked_bytes(3, 3), world.rank() + 1);
  }
  if (receives) {
    other->receive(apart, world.rank() - 1);
    world.receive(first, world.rank() - 1);
    world.receive(second, world.rank() - 1);
  }
  other->barrier();
  world.barrier();
  if (receives) {
    EXPECT_EQ(first, marked_bytes(3, 1));
    EXPECT_EQ(second, marked_bytes(3, 2));
    EXPECT_EQ(apart, marked_bytes(3, 3));
  }
}

inline void check_integers_and_native_sums(Communicator& world) {
  const int size = world.size();
  const std::int64_t large = std::int64_t{1} << 40;
  std::vector<std::int64_t> highest = {world.rank(), -world.rank(), large + world.rank()};
  std::vector<std::int64_t> sum(40'001, large + world.rank());
  std::vector<float> floats(70'001, static_cast<float>(world.rank() + 1));
  std::vector<double> doubles(3, 0.5 * world.rank());
  // Every rank's own bit, in a word of each 64 ranks, and one that all have.
  std::vector<std::uint64_t> bits(static_cast<std::size_t>(size) / 64 + 1, std::uint64_t{1} << 63);
  bits[static_cast<std::size_t>(world.rank()) / 64] |= std::uint64_t{1} << world.rank() % 64;
  world.maximum(highest);
  world.total(sum);
  world.unite(bits);
  world.native_sum(floats);
  world.native_sum(doubles);
  const std::int64_t ranks = size * (size - 1) / 2;
  for (int rank = 0; rank < 64 * static_cast<int>(bits.size()); ++rank) {
    const bool set = (bits[static_cast<std::size_t>(rank) / 64] >> rank % 64 & 1) != 0;
    EXPECT_EQ(set, rank < size || rank % 64 == 63) << rank;
  }
  EXPECT_EQ(highest, (std::vector<std::int64_t>{size - 1, 0, large + size - 1}));
  EXPECT_EQ(sum, std::vector<std::int64_t>(40'001, large * size + ranks));
  EXPECT_EQ(floats, std::vector<float>(70'001, static_cast<float>(ranks + size)));
  EXPECT_EQ(doubles, std::vector<double>(3, 0.5 * static_cast<double>(ranks)));
}

// Messages of one channel keep their order; those of another channel pass them by.
inline void check_transfers(Communicator& world) {
  const int size = world.size();
  const int to = (world.rank() + 1) % size;
  const int from = (world.rank() + size - 1) % size;
  const auto a = world.make_transfer(3);
  const auto b = world.make_transfer(4);
  EXPECT_TRUE(a->done());
  a->wait();
  for (int round = 0; round < 2; ++round) {
    const auto first = marked_bytes(250'001, 10 * round + world.rank());
    const auto second = marked_bytes(7, 10 * round + world.rank() + 1);
    const auto other = marked_bytes(120'000, 10 * round + world.rank() + 2);
    std::vector<std::byte> first_in(first.size()), second_in(second.size()), other_in(other.size());
    const std::vector<float> values(50'001, static_cast<float>(world.rank() + round));
    std::vector<float> sum(values.size());
    // The receiver's channels begin in the other order than the sender's.
    if (world.rank() % 2 == 0) {
      a->send(first, to);
      a->send(second, to);
      b->send(other, to);
    }
    b->receive(other_in, from);
    a->receive(first_in, from);
    a->receive(second_in, from);
    if (world.rank() % 2 == 1) {
      b->send(other, to);
      a->send(first, to);
      a->send(second, to);
    }
    b->native_sum(values, sum);
    b->wait();
    while (!a->done()) std::this_thread::yield();
    EXPECT_TRUE(b->done());
    EXPECT_EQ(first_in, marked_bytes(250'001, 10 * round + from));
    EXPECT_EQ(second_in, marked_bytes(7, 10 * round + from + 1));
    EXPECT_EQ(other_in, marked_bytes(120'000, 10 * round + from + 2));
    const int ranks = size * (size - 1) / 2;
    EXPECT_EQ(sum, std::vector<float>(50'001, static_cast<float>(ranks + size * round)));
  }
  if (size > 1) {
    EXPECT_GE(world.bytes_sent(), 2u * 370'008u);
  }
}

// While the others do nothing, a rank may begin and ask as often as it likes.
inline void check_transfers_never_wait(Communicator& world) {
  if (world.size() == 1) return;
  const auto transfer = world.make_transfer(0);
  const int next = (world.rank() + 1) % world.size();
  const int before = (world.rank() + world.size() - 1) % world.size();
  const auto outgoing = marked_bytes(400'000, world.rank());
  std::vector<std::byte> incoming(outgoing.size()), go(1);
  const std::vector<double> value = {1.0};
  std::vector<double> sum(1);
  int done = 0;
  if (world.rank() > 0) world.receive(go, world.rank() - 1);
  transfer->receive(incoming, before);
  transfer->send(outgoing, next);
  transfer->native_sum(value, sum);
  if (world.rank() + 1 < world.size()) {  // the last rank has not begun
    for (int i = 0; i < 100; ++i) done += transfer->done() ? 1 : 0;
    world.send(go, world.rank() + 1);
  }
  transfer->wait();
  EXPECT_EQ(done, 0);
  EXPECT_EQ(incoming, marked_bytes(400'000, before));
  EXPECT_EQ(sum[0], world.size());
}

inline void check_gather(Communicator& world) {
  const auto length = [](int rank) { return static_cast<std::size_t>(rank * 60'000); };
  for (int root = 0; root < world.size(); ++root) {
    const auto parts = gather(world, marked_bytes(length(world.rank()), world.rank()), root);
    if (world.rank() != root) {
      EXPECT_TRUE(parts.empty());
      continue;
    }
    EXPECT_EQ(parts.size(), static_cast<std::size_t>(world.size()));
    for (int rank = 0; rank < static_cast<int>(parts.size()); ++rank) {
      EXPECT_EQ(parts[static_cast<std::size_t>(rank)], marked_bytes(length(rank), rank));
    }
  }
}

inline void check_same_everywhere(Communicator& world) {
  const int last = world.size() - 1;
  std::vector<int> none = {42};
  std::vector<int> culprits;
  const bool same = same_everywhere(world, marked_bytes(1000, 3), &none);
  const auto mine = marked_bytes(1000, world.rank() == last ? 4 : 3);
  const bool without_list = same_everywhere(world, mine);
  const bool differing = same_everywhere(world, mine, &culprits);
  EXPECT_TRUE(same);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(differing, world.size() == 1);
  EXPECT_EQ(without_list, differing);
  EXPECT_EQ(culprits, world.size() == 1 ? std::vector<int>{} : std::vector<int>{last});
}

// The sentence that agree() throws, whether it is marked as agreed, and its code.
struct Agreement {
  std::string sentence;
  bool is_agreed = false;
  ExitCode code = ExitCode::finished;
};
inline Agreement agreement_of(Communicator& world, const std::string& error, int code) {
  try {
    agree(world, error, code);
  } catch (const Error& thrown) {
    return {thrown.what(), dynamic_cast<const AgreedError*>(&thrown) != nullptr, thrown.code()};
  }
  return {};
}

inline void check_agree(Communicator& world) {
  const int last = world.size() - 1;
  const std::string mine = "trouble of " + std::to_string(world.rank());
  const std::string host = world.host();
  const Agreement none = agreement_of(world, "", 2);
  const Agreement run = agreement_of(world, mine, 1);
  const Agreement one = agreement_of(world, world.rank() == last ? mine : "", 2);
  const Agreement mixed = agreement_of(world, mine, world.rank() == last ? 2 : 1);
  const Agreement stopped = agreement_of(world, world.rank() == 0 ? mine : "", 75);
  const Agreement worse = agreement_of(world, mine, world.rank() == last ? 1 : 75);
  const auto sentence_of = [&](int rank) {
    const std::string bare = "trouble of " + std::to_string(rank);
    return last == 0 ? bare : "rank " + std::to_string(rank) + " on " + host + ": " + bare;
  };
  EXPECT_EQ(none.sentence, "");
  EXPECT_EQ(run.sentence, sentence_of(0));
  EXPECT_EQ(run.code, ExitCode::failure);
  EXPECT_TRUE(run.is_agreed);
  EXPECT_EQ(one.sentence, sentence_of(last));
  EXPECT_EQ(one.code, ExitCode::bad_input);
  EXPECT_TRUE(one.is_agreed);
  EXPECT_EQ(mixed.sentence, sentence_of(last));
  EXPECT_EQ(mixed.code, ExitCode::bad_input);
  EXPECT_EQ(stopped.sentence, sentence_of(0));
  EXPECT_EQ(stopped.code, ExitCode::stopped);
  EXPECT_TRUE(stopped.is_agreed);
  EXPECT_EQ(worse.sentence, sentence_of(last));
  EXPECT_EQ(worse.code, ExitCode::failure);
}

// All ranks of these tests are on one machine.
inline void check_local_places(Communicator& world) {
  std::vector<std::int64_t> taken(static_cast<std::size_t>(world.size()), 0);
  taken[static_cast<std::size_t>(world.local_rank())] = 1;
  world.total(taken);
  EXPECT_EQ(world.local_size(), world.size());
  EXPECT_EQ(taken, std::vector<std::int64_t>(taken.size(), 1));
  EXPECT_FALSE(world.host().empty());
}

struct CommCheck {
  const char* name;
  void (*body)(Communicator&);
};

inline const CommCheck comm_checks[] = {
    {"broadcast", check_broadcast},
    {"exchange", check_exchange},
    {"order_and_duplicates", check_order_and_duplicates},
    {"integers_and_native_sums", check_integers_and_native_sums},
    {"transfers", check_transfers},
    {"transfers_never_wait", check_transfers_never_wait},
    {"gather", check_gather},
    {"same_everywhere", check_same_everywhere},
    {"agree", check_agree},
    {"local_places", check_local_places},
};

}  // namespace rondo::test
