// A network that reads and says, as the search asks it (rondo/tasks/decoding.hpp).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "rondo/core/thread_pool.hpp"
#include "rondo/core/window.hpp"
#include "rondo/model/network.hpp"
#include "rondo/tasks/decoding.hpp"

namespace rondo::tasks {

// Where it lies on a window of the second axis what a step reads, and what it is to say, which is
// masked.
inline constexpr int before_column = 0, said_column = 1;

class SourceScorer : public StepScorer {
 public:
  // The sources of a window, which stays as it is until it is done with.
  virtual void read(const Window& window) = 0;
  // From now on begin() means these spans of its first axis by their numbers here.
  virtual void choose(std::span<const Span> sources) = 0;
};

template <class Real>
class NetworkScorer final : public SourceScorer {
 public:
  // Of windows of `lanes` lanes and at most `times` steps, and of as many texts at once. The
  // plan's `layout`, `parameters` and `pool` outlive it.
  NetworkScorer(const NetworkPlan& plan, const ParameterLayout& layout, const Real* parameters,
                int lanes, int times, ThreadPool& pool);

  void read(const Window& window) override;
  void choose(std::span<const Span> sources) override;

  int symbols() const override { return network_.outputs(); }
  void begin(std::span<const std::int32_t> sources) override;
  void reorder(std::span<const std::int32_t> from) override;
  void step(std::span<const std::int32_t> symbols) override;
  void logits(int lane, std::span<double> to) const override;
  std::vector<float> attention(int lane) const override;

 private:
  ThreadPool& pool_;
  int lanes_;
  Network<Real> network_;
  Window step_;  // of one step on its second axis; on the first one there are spans alone
  std::vector<std::int64_t> read_;  // of each lane: the number of the sequence that it reads
  std::int32_t said_ = 0;           // steps
  std::vector<int> from_;
};

}  // namespace rondo::tasks
