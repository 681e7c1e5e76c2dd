// The samples of a step as a table, and as JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

#include "rondo/data/batcher.hpp"
#include "rondo/data/sequences.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/sample_shares.hpp"

namespace rondo::apps {

// A step that was trained again.
struct ReplayedStep {
  std::string run, where;  // the checkpoint that was gone on from; empty: step 0
  std::int64_t step = 0, window = 0, epoch = 0;
  double loss = 0;                      // nats a target
  double targets = 0;                   // their weight
  double norm = 0;                      // of the mean gradient, before clipping
  std::optional<double> reported_norm;  // by the run
};

// What is told of a sample: where it is in the data, what it holds and what it is to say.
class SampleTable {
 public:
  // `lanes`: the run's; `data` outlives it.
  SampleTable(const Dataset& data, const LaneLayout& lanes, const ReplayedStep& step);

  // The first `most` of `samples`.
  std::string text(std::span<const SampleShare> samples, std::size_t most) const;
  nlohmann::ordered_json json(std::span<const SampleShare> samples, std::size_t most) const;

 private:
  struct Told {
    std::string place, target, source;
    std::int64_t document = -1, token = -1;
  };
  Told told(const SampleShare& sample) const;
  std::string text_of(std::int64_t lane) const;

  const Dataset& data_;
  LaneLayout lanes_;
  ReplayedStep step_;
  std::unique_ptr<WindowSource> split_;
  std::unique_ptr<SequenceSource> stored_;  // of sequences that are no series
  Window window_;                           // of a text
};

}  // namespace rondo::apps
