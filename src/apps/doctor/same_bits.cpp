#include "apps/doctor/same_bits.hpp"

#include "apps/bench/made_up.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/core/hash.hpp"
#include "rondo/io/digests.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/train/trainer.hpp"

namespace rondo::apps::doctor {

std::string digest_of_small_training(ThreadPool& pool) {
  constexpr int steps = 3;
  Config config;
  config.layers = 2;
  config.hidden = 65;  // a whole panel and a narrow one
  config.lanes = 12;
  config.block = 4;
  config.window = 16;
  config.dropout = 0.25;
  config.clip_norm = 0.25;
  config.steps = steps;
  const bench::ScratchFolder folder;
  const Dataset data = bench::make_dataset(folder, 2 * config.lanes * config.window * steps, 65);
  Sha256 hash;
  for (const std::string& cell : cell_names()) {
    config.cell = cell;
    Config complete_config = config;
    complete_config.projection = usual_projection(cell, static_cast<int>(config.hidden));
    complete(complete_config);
    const auto world = make_single();
    TrainingListener nobody;
    Trainer<float> trainer(complete_config, data, *world, pool, &nobody);
    for (int step = 0; step < steps; ++step) trainer.step();
    hash.update(state_digest(trainer.save()));
  }
  return to_hex(hash.finish());
}

}  // namespace rondo::apps::doctor
