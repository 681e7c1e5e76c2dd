#include "comm/mpi.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "comm/mpi_transfer.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

constexpr unsigned most_seconds_to_abort = 4;

void wait_for(MPI_Request request) {
  wait_until([&] {
    int ended = 0;
    check_mpi(MPI_Test(&request, &ended, MPI_STATUS_IGNORE), "MPI_Test");
    return ended != 0;
  });
}

struct LocalRank {
  int size = 1;
  int rank = 0;
};

// Ranks that share memory, asked of MPI rather than of a launcher's environment variables.
LocalRank find_local_rank(MPI_Comm handle, int rank) {
  MPI_Comm local = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(handle, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &local),
            "MPI_Comm_split_type");
  LocalRank found;
  check_mpi(MPI_Comm_size(local, &found.size), "MPI_Comm_size");
  check_mpi(MPI_Comm_rank(local, &found.rank), "MPI_Comm_rank");
  check_mpi(MPI_Comm_free(&local), "MPI_Comm_free");
  return found;
}

class MpiCommunicator final : public Communicator {
 public:
  MpiCommunicator(MPI_Comm handle, std::size_t message_limit, LocalRank local,
                  std::vector<MPI_Comm>& derived)
      : handle_(handle),
        message_limit_(message_limit),
        local_(local),
        derived_(derived),
        exchange_(handle, message_limit, message_tag, bytes_sent_) {
    check_mpi(MPI_Comm_rank(handle_, &rank_), "MPI_Comm_rank");
    check_mpi(MPI_Comm_size(handle_, &size_), "MPI_Comm_size");
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  void barrier() override {
    MPI_Request request = MPI_REQUEST_NULL;
    check_mpi(MPI_Ibarrier(handle_, &request), "MPI_Ibarrier");
    wait_for(request);
  }

  void broadcast(std::span<std::byte> bytes, int root) override {
    cut(bytes, message_limit_, [&](std::byte* data, int count) {
      MPI_Request request = MPI_REQUEST_NULL;
      check_mpi(MPI_Ibcast(data, count, MPI_BYTE, root, handle_, &request), "MPI_Ibcast");
      wait_for(request);
    });
  }

  void send(std::span<const std::byte> bytes, int to) override {
    exchange_.send(bytes, to);
    exchange_.wait();
  }

  void receive(std::span<std::byte> bytes, int from) override {
    exchange_.receive(bytes, from);
    exchange_.wait();
  }

  void exchange(std::span<const std::byte> outgoing, int to, std::span<std::byte> incoming,
                int from) override {
    // Both directions are posted before either is waited for, whatever their lengths: no order of
    // ranks can deadlock.
    exchange_.receive(incoming, from);
    exchange_.send(outgoing, to);
    exchange_.wait();
  }

  void maximum(std::span<std::int64_t> values) override { allreduce(values, MPI_INT64_T, MPI_MAX); }
  void total(std::span<std::int64_t> values) override { allreduce(values, MPI_INT64_T, MPI_SUM); }
  void unite(std::span<std::uint64_t> bits) override { allreduce(bits, MPI_UINT64_T, MPI_BOR); }
  void native_sum(std::span<float> values) override { add_up(values, MPI_FLOAT); }
  void native_sum(std::span<double> values) override { add_up(values, MPI_DOUBLE); }

  std::unique_ptr<Transfer> make_transfer(int channel) override {
    return std::make_unique<MpiTransfer>(handle_, message_limit_, tag_of_channel(channel),
                                         bytes_sent_);
  }
  std::uint64_t bytes_sent() const override { return bytes_sent_; }
  std::unique_ptr<Communicator> duplicate() override {
    MPI_Comm copy = MPI_COMM_NULL;
    check_mpi(MPI_Comm_dup(handle_, &copy), "MPI_Comm_dup");  // keeps the error handler
    derived_.push_back(copy);
    return std::make_unique<MpiCommunicator>(copy, message_limit_, local_, derived_);
  }

  std::unique_ptr<Communicator> split(int group) override {
    MPI_Comm part = MPI_COMM_NULL;
    check_mpi(MPI_Comm_split(handle_, group, rank_, &part), "MPI_Comm_split");
    derived_.push_back(part);
    return make_mpi_communicator(part, message_limit_, derived_);
  }

  bool helper_threads() const override {
    int level = MPI_THREAD_SINGLE;
    check_mpi(MPI_Query_thread(&level), "MPI_Query_thread");
    return level == MPI_THREAD_MULTIPLE;
  }

  int local_size() const override { return local_.size; }
  int local_rank() const override { return local_.rank; }

  std::string host() const override {
    char name[MPI_MAX_PROCESSOR_NAME];
    int length = 0;
    check_mpi(MPI_Get_processor_name(name, &length), "MPI_Get_processor_name");
    return {name, static_cast<std::size_t>(length)};
  }

  [[noreturn]] void abort(int code) override {
    // Should the library or the launcher not answer: this ends the process all the same.
    std::signal(SIGALRM, SIG_DFL);
    alarm(most_seconds_to_abort);
    std::fflush(nullptr);
    const int non_zero = code == 0 ? 1 : code;  // with 0, mpirun would report success
    MPI_Abort(MPI_COMM_WORLD, non_zero);
    std::_Exit(non_zero);  // should the library give up and return
  }

 private:
  template <class Value>
  void allreduce(std::span<Value> values, MPI_Datatype type, MPI_Op operation) const {
    cut(values, message_limit_, [&](Value* data, int count) {
      MPI_Request request = MPI_REQUEST_NULL;
      check_mpi(MPI_Iallreduce(MPI_IN_PLACE, data, count, type, operation, handle_, &request),
                "MPI_Iallreduce");
      wait_for(request);
    });
  }
  // The call whose algorithms the library has chosen best.
  template <class Value>
  void add_up(std::span<Value> values, MPI_Datatype type) const {
    cut(values, message_limit_, [&](Value* data, int count) {
      check_mpi(MPI_Allreduce(MPI_IN_PLACE, data, count, type, MPI_SUM, handle_), "MPI_Allreduce");
    });
  }

  const MPI_Comm handle_;
  const std::size_t message_limit_;
  const LocalRank local_;
  std::vector<MPI_Comm>& derived_;
  int rank_ = 0;
  int size_ = 1;
  std::uint64_t bytes_sent_ = 0;
  MpiTransfer exchange_;
};

}  // namespace

void check_mpi(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char reason[MPI_MAX_ERROR_STRING];
  int length = 0;
  if (MPI_Error_string(code, reason, &length) != MPI_SUCCESS) length = 0;
  throw_run("{} failed: {}", call,
            length > 0 ? std::string(reason, static_cast<std::size_t>(length))
                       : fmt::format("error {}", code));
}

std::unique_ptr<Communicator> make_mpi_communicator(MPI_Comm handle, std::size_t message_limit,
                                                    std::vector<MPI_Comm>& derived) {
  check_mpi(MPI_Comm_set_errhandler(handle, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  int rank = 0;
  check_mpi(MPI_Comm_rank(handle, &rank), "MPI_Comm_rank");
  return std::make_unique<MpiCommunicator>(handle, message_limit, find_local_rank(handle, rank),
                                           derived);
}

}  // namespace rondo
