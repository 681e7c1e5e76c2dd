// What rondo asks of a message layer: blocking calls between the ranks of a world, and transfers,
// which go on while the caller does something else.
//
// Collective calls must be made by all ranks of the communicator in the same order. Counts are in
// elements and may exceed INT_MAX. Failures throw RunError. Implementations: MPI (comm/mpi), ranks
// as threads of one process (comm/in_process), a single rank (the null object, comm/in_process),
// and a wrapper that misbehaves on purpose (comm/faulty).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rondo/core/errors.hpp"

namespace rondo {

// A few messages that travel together while their owner does something else. Used again and again:
// once warm, it allocates nothing. Buffers belong to the transfer until done() says true or wait()
// returns, and nothing more may be started while those are asked in between. A transfer that ends
// before its messages have come has met an error, and so does the run.
class Transfer {
 public:
  virtual ~Transfer() = default;
  Transfer() = default;
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // These begin a message and return at once. Between a pair of ranks, the messages of a channel
  // (Communicator::make_transfer) arrive in the order in which they were begun.
  virtual void send(std::span<const std::byte> bytes, int to) = 0;
  virtual void receive(std::span<std::byte> bytes, int from) = 0;
  // Begins Communicator::native_sum of `values` into `sum`, which is as long and lies elsewhere:
  // libraries have better ways then. Collective, over the channels of all ranks in the same order.
  virtual void native_sum(std::span<const float> values, std::span<float> sum) = 0;
  virtual void native_sum(std::span<const double> values, std::span<double> sum) = 0;
  // Whether all that was begun has ended; lets it move, never waits. True where nothing was begun.
  virtual bool done() = 0;
  // Returns when all that was begun has ended.
  virtual void wait() = 0;
};

class Communicator {
 public:
  virtual ~Communicator() = default;
  Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  virtual int rank() const = 0;
  virtual int size() const = 0;

  virtual void barrier() = 0;
  // Root's bytes reach every rank.
  virtual void broadcast(std::span<std::byte> bytes, int root) = 0;
  // Point to point; messages between a pair arrive in order.
  virtual void send(std::span<const std::byte> bytes, int to) = 0;
  virtual void receive(std::span<std::byte> bytes, int from) = 0;
  // Sends to one rank while receiving from another (may be the same).
  virtual void exchange(std::span<const std::byte> outgoing, int to, std::span<std::byte> incoming,
                        int from) = 0;
  // Integers, in place, the same result on every rank.
  virtual void maximum(std::span<std::int64_t> values) = 0;
  virtual void total(std::span<std::int64_t> values) = 0;
  // Sets of bits, in place: their union on every rank.
  virtual void unite(std::span<std::uint64_t> bits) = 0;
  // The library's own floating-point sum, in an order it chooses: for the `native` reducer alone.
  virtual void native_sum(std::span<float> values) = 0;
  virtual void native_sum(std::span<double> values) = 0;
  // A transfer of this communicator, which outlives it. Its messages meet those of transfers with
  // the same channel, from 0 to 999, on other ranks, and no others: messages of different channels
  // may overtake each other. Of a rank's transfers on one channel, one sends and one receives at a
  // time, or one does both.
  virtual std::unique_ptr<Transfer> make_transfer(int channel) = 0;
  // Bytes that this rank has sent in messages to single ranks so far, transfers included.
  virtual std::uint64_t bytes_sent() const = 0;
  // Another communicator over the same ranks, with messages of its own (for a helper thread).
  virtual std::unique_ptr<Communicator> duplicate() = 0;
  // The ranks that call with the same `group`, 0 or more, as a communicator of their own, in the
  // same order. Ranks of different groups need not wait for one another any more, but abort() still
  // ends all. Collective.
  virtual std::unique_ptr<Communicator> split(int group) = 0;
  // Whether threads may communicate at the same time, each on a communicator of its own.
  virtual bool helper_threads() const = 0;
  // Ranks that share this rank's memory: how many, and this rank's place among them.
  virtual int local_size() const = 0;
  virtual int local_rank() const = 0;
  // Name of the host this rank runs on.
  virtual std::string host() const = 0;
  // Ends all ranks at once with a non-zero code; does not return, whatever has become of the others
  // and of the launcher. Any thread may call it.
  [[noreturn]] virtual void abort(int code) = 0;
};

// Bytes of different lengths from every rank, at `root` (empty elsewhere), in rank order.
// Collective.
std::vector<std::vector<std::byte>> gather(Communicator& world, std::span<const std::byte> bytes,
                                           int root);
// The host of every rank, in rank order, on every rank. Collective.
std::vector<std::string> hosts_of_ranks(Communicator& world);
// Root's text or bytes of any length on every rank. Collective.
void broadcast(Communicator& world, std::string& text, int root);
void broadcast(Communicator& world, std::vector<std::byte>& bytes, int root);
// Whether all ranks hold the same bytes (compared by hash); if not, `culprits` names the ranks that
// differ from rank 0. Collective, the same answer everywhere.
bool same_everywhere(Communicator& world, std::span<const std::byte> bytes,
                     std::vector<int>* culprits = nullptr);

// Marks an Error that every rank of the world throws with the same text, so that the ranks can end
// together instead of one ending the others (run_session in comm/session.hpp looks for it).
class AgreedError {
 public:
  virtual ~AgreedError() = default;
};

// The end of a start-up phase: every rank calls with its own error sentence and its exit code
// (core/errors.hpp), or with an empty sentence, whose code is not looked at. If any rank failed,
// all throw: InputError if any code is bad_input, else an Error with ExitCode::stopped if all are
// that, else RunError, marked as AgreedError, with the sentence of the lowest rank that failed with
// that code, prefixed "rank R on HOST: " unless all ranks failed with the same sentence.
// Collective.
void agree(Communicator& world, const std::string& error, int code);

// Throws an error that all ranks have found by themselves, from values that are the same
// everywhere: an InputError for bad_input, an Error with that code for stopped, else a RunError,
// marked as AgreedError. No communication.
[[noreturn]] void throw_agreed(ExitCode code, const std::string& sentence);

}  // namespace rondo
