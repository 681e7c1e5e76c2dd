// What each rank last said of itself, passed on from rank to rank while the ranks' own threads
// compute or wait: so that those who wait can tell who is silent and who merely takes long.
//
// A rank tells all it knows to those 1, 2, 4, ... places behind it and hears from as many before
// it: news of a rank is everywhere after ceil(log2 ranks) exchanges, also where ranks between have
// fallen silent. One thread of each rank, a helper's, calls; none of the calls waits, and once warm
// they allocate nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "rondo/comm/communicator.hpp"

namespace rondo {

class Heartbeats {
 public:
  struct Beat {
    std::uint64_t count = 0;  // rises each time that the rank speaks
    std::uint64_t word = 0;   // what it said
  };

  // Collective; communicates on a duplicate of `world`, whose helper_threads() is true.
  explicit Heartbeats(Communicator& world);
  // Only after finish() has said true may messages' memory go: else it is left to the process,
  // which is about to end.
  ~Heartbeats();
  Heartbeats(const Heartbeats&) = delete;
  Heartbeats& operator=(const Heartbeats&) = delete;

  // Says `word`, and takes in what the others have said. RunError where the connection is lost.
  void exchange(std::uint64_t word);
  // The latest that is known of each rank.
  std::span<const Beat> beats() const;
  // Takes leave of the others; true when all have: then, and not before, nothing is under way any
  // more. To be called again until then, on all ranks, and exchange() no more.
  bool finish();

 private:
  struct Links;
  std::unique_ptr<Links> links_;
};

}  // namespace rondo
