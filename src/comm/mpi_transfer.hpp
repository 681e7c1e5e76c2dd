// Messages over MPI that travel while their owner does something else, and how this library waits.
// Private to src/comm.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "comm/mpi.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

// Blocking messages have one tag, each channel of transfers another.
constexpr int message_tag = 1;
constexpr int tag_of_channel(int channel) { return message_tag + 1 + channel; }

// Asks until ended() says yes. Not by the library's own waiting, in which some libraries never give
// their core to the rank that they wait for.
template <class Ended>
void wait_until(Ended ended) {
  // Some microseconds: longer than a message between ranks that have cores of their own.
  constexpr int patience = 100;
  for (int asked = 1; !ended(); ++asked) {
    if (asked > patience) std::this_thread::yield();
  }
}

// Calls body(first element, count) for consecutive pieces of at most `limit` bytes.
template <class Value, class Body>
void cut(std::span<Value> values, std::size_t limit, Body body) {
  const std::size_t most = std::max<std::size_t>(1, limit / sizeof(Value));
  for (std::size_t begin = 0; begin < values.size(); begin += most) {
    const std::size_t count = std::min(most, values.size() - begin);
    body(values.data() + begin, static_cast<int>(count));
  }
}

inline void require_length(MPI_Status& status, int expected, int from) {
  int count = 0;
  check_mpi(MPI_Get_count(&status, MPI_BYTE, &count), "MPI_Get_count");
  if (count != expected) {
    throw_run("{} bytes are expected of rank {}, which sent {}", expected, from, count);
  }
}

class MpiTransfer final : public Transfer {
 public:
  // Adds what it sends to `bytes_sent`.
  MpiTransfer(MPI_Comm handle, std::size_t message_limit, int tag, std::uint64_t& bytes_sent)
      : handle_(handle), message_limit_(message_limit), tag_(tag), bytes_sent_(bytes_sent) {
    messages_.reserve(16);
  }

  void send(std::span<const std::byte> bytes, int to) override {
    cut(bytes, message_limit_, [&](const std::byte* data, int count) {
      check_mpi(MPI_Isend(data, count, MPI_BYTE, to, tag_, handle_, add_message()), "MPI_Isend");
    });
    bytes_sent_ += bytes.size();
  }
  void receive(std::span<std::byte> bytes, int from) override {
    cut(bytes, message_limit_, [&](std::byte* data, int count) {
      check_mpi(MPI_Irecv(data, count, MPI_BYTE, from, tag_, handle_, add_message(count, from)),
                "MPI_Irecv");
    });
  }
  void native_sum(std::span<const float> values, std::span<float> sum) override {
    begin_sum(values, sum, MPI_FLOAT);
  }
  void native_sum(std::span<const double> values, std::span<double> sum) override {
    begin_sum(values, sum, MPI_DOUBLE);
  }

  bool done() override {
    for (; ended_ < messages_.size(); ++ended_) {
      int ended = 0;
      MPI_Status status;
      check_mpi(MPI_Test(&messages_[ended_].request, &ended, &status), "MPI_Test");
      if (ended == 0) return false;
      check_length(status);
    }
    clear();
    return true;
  }
  void wait() override {
    wait_until([this] { return done(); });
  }

 private:
  struct Message {
    MPI_Request request = MPI_REQUEST_NULL;
    int expected = 0;  // bytes, where it is received
    int from = MPI_PROC_NULL;
  };

  // Good until the next message is added; the library keeps no address of it.
  MPI_Request* add_message(int expected = 0, int from = MPI_PROC_NULL) {
    return &messages_.emplace_back(Message{MPI_REQUEST_NULL, expected, from}).request;
  }

  // Not in place: Open MPI would then send whole vectors up and down a tree.
  template <class Value>
  void begin_sum(std::span<const Value> values, std::span<Value> sum, MPI_Datatype type) {
    cut(values, message_limit_, [&](const Value* data, int count) {
      Value* const into = sum.data() + (data - values.data());
      check_mpi(MPI_Iallreduce(data, into, count, type, MPI_SUM, handle_, add_message()),
                "MPI_Iallreduce");
    });
  }

  void check_length(MPI_Status& status) const {
    const Message& message = messages_[ended_];
    if (message.from != MPI_PROC_NULL) require_length(status, message.expected, message.from);
  }

  void clear() {
    messages_.clear();
    ended_ = 0;
  }

  const MPI_Comm handle_;
  const std::size_t message_limit_;
  const int tag_;
  std::uint64_t& bytes_sent_;
  std::vector<Message> messages_;
  std::size_t ended_ = 0;  // the first of them
};

}  // namespace rondo
