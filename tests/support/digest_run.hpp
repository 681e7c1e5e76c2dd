// Small training runs whose every bit is compared: by the digest tests, on any communicator.
//
// The one: two layers of a width that is no multiple of anything, dropout, clipping, Adam, resets
// inside windows, a ragged last window, epochs that wrap, 11 blocks that no rank count divides. The
// other, the wide one: more classes, and more losses in a block, than a chunk of a sum has.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "rondo/comm/communicator.hpp"
#include "rondo/core/hash.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/prepare_text.hpp"
#include "rondo/data/stream_windows.hpp"
#include "rondo/io/digests.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/optim/optimizer.hpp"
#include "rondo/tasks/generator.hpp"
#include "rondo/train/trainer.hpp"
#include "test_name.hpp"

namespace rondo::test {

// A made-up text of `documents` documents: words drawn by Philox, so that it is the same anywhere.
inline std::string made_up_text(int documents, std::uint64_t seed) {
  const RandomStream random(seed, Purpose::test);
  std::string text;
  std::uint64_t i = 0;
  for (int d = 0; d < documents; ++d) {
    for (std::uint64_t words = 6 + random.below(40, i++); words > 0; --words) {
      for (std::uint64_t letters = 1 + random.below(6, i++); letters > 0; --letters) {
        text += static_cast<char>('a' + random.below(1 + random.below(26, i), i + 1));
        i += 2;
      }
      text += random.below(9, i++) == 0 ? ".\n" : " ";
    }
    text += "\n\f";
  }
  return text;
}

// The data set of the digest runs, made in `folder` if it is not there. One process calls it.
inline std::filesystem::path digest_data(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "digest.h5";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "digest.txt") << made_up_text(24, 11);
  PrepareOptions options;
  options.inputs = {folder / "digest.txt"};
  options.output = file;
  options.validation = 0.1;
  options.test = 0.1;
  prepare_text(options);
  return file;
}

// As above, for the wide run: lines of 4,200 characters, each of them once, then any of them.
inline std::filesystem::path wide_data(const std::filesystem::path& folder) {
  constexpr std::int32_t characters = 4200;
  constexpr char32_t first = 0x4E00;  // ideographs: three bytes each
  const RandomStream random(12, Purpose::test);
  std::string text;
  for (std::uint64_t i = 0; i < 40'000; ++i) {
    const std::uint64_t drawn = i < characters ? i : random.below(characters, i);
    const char32_t point = first + static_cast<char32_t>(drawn);
    text += static_cast<char>(0xE0 | point >> 12);
    text += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (point & 0x3F));
    if (i % 997 == 996) text += i % 11 == 0 ? "\n\f" : "\n";
  }
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "wide.txt") << text;
  PrepareOptions options;
  options.inputs = {folder / "wide.txt"};
  options.output = folder / "wide.h5";
  options.validation = 0.1;
  options.test = 0.1;
  prepare_text(options);
  return options.output;
}

// A digest run beside the cells' own: a cell with what else a network may have.
struct Variant {
  std::string name, cell;
  std::function<void(Config&)> change;
};

inline std::vector<Variant> written_variants() {
  return {
      {"relu-identity", "relu", [](Config& config) { config.initialization = "identity"; }},
      {"gru-chrono", "gru",
       [](Config& config) {
         config.initialization = "glorot";
         config.chrono_span = 50;
       }},
      {"gru-residual", "gru", [](Config& config) { config.residual = true; }},
      {"gru-tied", "gru", [](Config& config) { config.tied = true; }},
      {"lstm-weights", "lstm", [](Config& config) { config.dropout_weights = 0.4; }},
      {"lstm-zoneout", "lstm",
       [](Config& config) {
         config.zoneout = 0.1;
         config.zoneout_cell = 0.4;
       }},
      {"gru-zoneout", "gru", [](Config& config) { config.zoneout = 0.2; }},
      {"gru-initial", "gru", [](Config& config) { config.initial_state = "trained"; }},
      {"lstm-peephole-initial", "lstm-peephole",
       [](Config& config) {
         config.initial_state = "trained";
         config.zoneout = config.zoneout_cell = 0.2;
       }},
      {"lstm-projected-initial", "lstm-projected",
       [](Config& config) {
         config.initial_state = "trained";
         config.zoneout = 0.2;
         config.zoneout_cell = 0.1;
       }},
      {"gru-locked", "gru",
       [](Config& config) {
         config.dropout_input = 0.2;
         config.dropout_output = 0.4;
         config.dropout_embedding = 0.1;
         config.dropout_locked = true;
         config.activation_penalty = 2;
         config.temporal_penalty = 1;
       }},
      {"gru-clipped", "gru", [](Config& config) { config.clip_value = 1e-3; }},
      {"lstm-smoothed", "lstm", [](Config& config) { config.label_smoothing = 0.1; }},
      {"gru-varies", "gru", [](Config& config) { config.window_varies = true; }},
      {"lstm-average", "lstm", [](Config& config) { config.average = 0.9; }},
      {"projected-tied", "lstm-projected",
       [](Config& config) {
         config.tied = true;
         config.residual = true;
         config.dropout_weights = 0.4;
       }},
  };
}

// Whether a run has a committed digest.
inline bool has_golden(const std::string& wanted) {
  std::ifstream file(RONDO_DIGEST_GOLDENS);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(wanted + " ")) return true;
  }
  return false;
}

// Those above, and "gru-<optimizer>", with weight decay, where there is a golden of it: to add one,
// write a line that begins with its name, and have the goldens written anew.
inline const std::vector<Variant>& digest_variants() {
  static const std::vector<Variant> variants = [] {
    std::vector<Variant> all = written_variants();
    for (const std::string& optimizer : optimizer_names()) {
      if (!has_golden("gru-" + optimizer)) continue;
      all.push_back({"gru-" + optimizer, "gru", [optimizer](Config& config) {
                       config.optimizer = optimizer;
                       config.weight_decay = 0.01;
                     }});
    }
    return all;
  }();
  return variants;
}

// The names of all digest runs: cells, then variants.
inline std::vector<std::string> digest_names() {
  std::vector<std::string> names = cell_names();
  for (const Variant& variant : digest_variants()) names.push_back(variant.name);
  return names;
}

// The configuration of a digest run of that name. The widths give every cell more parameters than
// three pieces of the reducer, matrices of several panels and segments of several chunks.
inline Config digest_config(const std::string& name) {
  Config config;
  config.cell = name;
  for (const Variant& variant : digest_variants()) {
    if (variant.name != name) continue;
    config.cell = variant.cell;
    variant.change(config);
  }
  config.layers = 2;
  const Cell<float>& cell = find_cell<float>(config.cell);
  const std::size_t gates = cell.recurrent_slots.size();
  config.hidden = cell.projects ? 331 : gates == 4 ? 251 : gates == 3 ? 263 : 449;
  config.projection = usual_projection(config.cell, static_cast<int>(config.hidden));
  config.embedding = config.tied ? 0 : 37;
  config.dropout = 0.3;
  config.lanes = 22;
  config.block = 2;
  config.window = 13;
  config.rate = 0.003;
  config.schedule = "cosine";
  config.warmup_steps = 2;
  config.clip_norm = 0.5;
  config.steps = 24;
  config.seed = 5;
  complete(config);
  return config;
}

inline constexpr std::int64_t golden_steps = 12;

// Runs on whole sequences (sequence_data.hpp): packed windows, several inputs, pooling, weights of
// classes, and all that is dropped by sequence.
inline const std::vector<Variant>& sequence_variants() {
  static const std::vector<Variant> variants = {
      {"classify-last", "lstm", [](Config&) {}},
      {"classify-mean", "gru",
       [](Config& config) {
         config.pool = "mean";
         config.class_weights = "balanced";
         config.dropout_input = config.dropout_embedding = 0.2;
         config.dropout_locked = true;
         config.initial_state = "trained";
       }},
      {"classify-max", "lstm-norm",
       [](Config& config) {
         config.pool = "max";
         config.zoneout = config.zoneout_cell = 0.2;
         config.dropout_output = 0.3;
       }},
      {"classify-attention", "gru",
       [](Config& config) {
         config.pool = "attention";
         config.dropout_output = 0.3;
       }},
      {"classify-labels", "lstm",
       [](Config& config) {
         config.pool = "max";
         config.dropout_output = 0.3;
       }},
  };
  return variants;
}
// Whether a run's data have labels (sequence_data.hpp).
inline bool says_labels(const std::string& name) { return name.ends_with("-labels"); }

inline std::vector<std::string> sequence_variant_names() {
  std::vector<std::string> names;
  for (const Variant& variant : sequence_variants()) names.push_back(variant.name);
  return names;
}

inline Config sequence_config(const std::string& name) {
  Config config = digest_config("gru");
  config.projection = 0;
  config.hidden = 70;
  config.embedding = 9;
  config.lanes = config.eval_lanes = 22;
  config.window = 13;
  config.rate = 0.01;
  for (const Variant& variant : sequence_variants()) {
    if (variant.name != name) continue;
    config.cell = variant.cell;
    variant.change(config);
  }
  return config;
}

// The wide run's. Its goldens are named after the cell, with "-wide".
inline Config wide_config(const std::string& cell) {
  Config config = digest_config(cell);
  config.hidden = 17;
  config.projection = usual_projection(cell, 17);
  config.embedding = 5;
  config.lanes = 48;
  config.eval_lanes = 48;
  config.block = 16;
  config.window = 257;
  config.steps = 4;
  return config;
}

inline constexpr std::int64_t wide_steps = 2;

struct Digests {
  std::string parameters, state, validation, text;
  bool operator==(const Digests&) const = default;
};

// The committed digests of that name.
inline Digests golden(const std::string& wanted) {
  std::ifstream file(RONDO_DIGEST_GOLDENS);
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name;
    Digests digests;
    words >> name >> digests.parameters >> digests.state >> digests.validation >> digests.text;
    if (name == wanted) return digests;
  }
  return {};
}

inline void expect_golden(const std::string& name, const Digests& digests) {
  const Digests expected = golden(name);
  EXPECT_EQ(digests.parameters, expected.parameters);
  EXPECT_EQ(digests.state, expected.state);
  EXPECT_EQ(digests.validation, expected.validation);
  EXPECT_EQ(digests.text, expected.text);
}

// Digests of a trainer as it stands, the same on every rank. Collective.
template <class Real>
Digests digests_of(Trainer<Real>& trainer, const Dataset& data, Communicator& world,
                   ThreadPool& pool) {
  Digests digests;
  digests.validation = fmt::format("{:a}", trainer.validate().loss);
  const NamedState state = trainer.save();
  if (world.rank() == 0) {
    digests.parameters = parameter_digest(state);
    digests.state = state_digest(state);
  }
  broadcast(world, digests.parameters, 0);
  broadcast(world, digests.state, 0);
  if (data.task().sequence_targets(data.columns())) {  // which says no text
    digests.text = "-";
    return digests;
  }
  std::string text;
  const std::vector<std::int32_t> prompt = {0, 1, 2};
  generate<Real>(trainer.model(), trainer.layout(), trainer.evaluated_parameters().data(), prompt,
                 {.length = 60, .temperature = 0.9, .seed = 3}, pool, [&](std::int32_t token) {
                   text += data.columns()[0].vocabulary->decode({&token, 1});
                 });
  digests.text = to_hex(sha256(std::as_bytes(std::span(text)))).substr(0, 16);
  return digests;
}

// What the run is large enough for: more than three pieces of the reducer.
inline void expect_pieces(const Config& config, const Dataset& data) {
  const ParameterLayout layout = data.model(config).layout();
  EXPECT_GT(layout.size(), 3 * default_piece_elements);
}

// The steps reach a ragged last window and the epoch after it.
inline void expect_wrapped_epoch(const Config& config, const Dataset& data) {
  const auto training = data.split("train");
  const std::int64_t tokens = dynamic_cast<const StreamWindows&>(*training).tokens().size();
  const std::int64_t lane = (tokens + config.lanes - 1) / config.lanes;
  EXPECT_NE(lane % config.window, 0);
  EXPECT_GT(golden_steps, lane / config.window + 1);
}

// `steps` steps from the start. `resume_at` > 0: the run is saved there and goes on in a trainer of
// its own. Collective.
inline Digests digest_run(Communicator& world, const Config& config, const Dataset& data,
                          int threads, std::int64_t steps, std::int64_t resume_at = 0) {
  ThreadPool pool(threads, kernels::set_float_mode);
  auto trainer = std::make_unique<Trainer<float>>(config, data, world, pool, nullptr);
  for (std::int64_t step = 0; step < steps; ++step) {
    if (resume_at > 0 && step == resume_at) {
      const NamedState state = trainer->save();
      trainer = std::make_unique<Trainer<float>>(config, data, world, pool, nullptr);
      trainer->restore(state);
    }
    trainer->step();
  }
  return digests_of(*trainer, data, world, pool);
}

}  // namespace rondo::test
